/* SPDX-License-Identifier: MIT */
/*
 * The offsets are our own, so that the age of the header that we are compiled with does not matter.
 *
 * tx is bytes_sent less bytes_retrans (4.19 and later), which count payload only. The older
 * bytes_acked counts the SYN of the end that connected but not of the one that accepted, and nothing
 * tells which one we are; where only that is given, tx stays unknown. bytes_received counts the
 * peer's FIN once it has come in order, which the state tells (tcp_rcv_nxt_update, tcp_fin).
 */
#include "core/sys/sock_tcpinfo.h"

#include <stddef.h>

#include "core/base/clock.h"
#include "core/base/mem.h"

#define AT_OPTIONS              5
#define OPTION_WSCALE           4
#define AT_BYTES_RECEIVED       128
#define AT_BYTES_SENT           200
#define AT_BYTES_RETRANS        208
#define MPTCP_AT_BYTES_RETRANS  48
#define MPTCP_AT_BYTES_SENT     56
#define MPTCP_AT_BYTES_RECEIVED 64

#define TCP_INFINITE_SSTHRESH 0x7fffffff /* include/net/tcp.h */

enum scale {
	ONE,
	MICRO,
	MILLI
};

struct field {
	uint8_t to;   /* offset in struct conn_tcp, of 8 bytes */
	uint8_t at;   /* offset in tcp_info */
	uint8_t size; /* 4 or 8 */
	uint8_t scale;
};

#define FIELD(member, at, size, scale) { offsetof(struct conn_tcp, member), at, size, scale }

static const struct field fields[] = {
	FIELD(rto, 8, 4, MICRO),
	FIELD(mss, 16, 4, ONE),
	FIELD(lost, 32, 4, ONE),
	FIELD(last_sent, 44, 4, MILLI),
	FIELD(last_received, 52, 4, MILLI),
	FIELD(pmtu, 60, 4, ONE),
	FIELD(rtt, 68, 4, MICRO),
	FIELD(rttvar, 72, 4, MICRO),
	FIELD(ssthresh, 76, 4, ONE),
	FIELD(cwnd, 80, 4, ONE),
	FIELD(reordering, 88, 4, ONE),
	FIELD(retrans, 100, 4, ONE),
	FIELD(pacing_rate, 104, 8, ONE),
	FIELD(rx, AT_BYTES_RECEIVED, 8, ONE),
	FIELD(segs_out, 136, 4, ONE),
	FIELD(segs_in, 140, 4, ONE),
	FIELD(minrtt, 148, 4, MICRO),
	FIELD(delivery_rate, 160, 8, ONE),
	FIELD(busy, 168, 8, MICRO),
	FIELD(rwnd_limited, 176, 8, MICRO),
	FIELD(sndbuf_limited, 184, 8, MICRO),
};

/* All ones, of either size, is unknown; and so is what lies behind the end. */
static uint64_t number_at(const struct cursor *info, size_t at, size_t size)
{
	struct cursor rest = *info;
	uint64_t number;
	uint32_t number32;

	cursor_skip(&rest, at);
	if (size == sizeof(number)) {
		number = cursor_u64(&rest);
	} else {
		number32 = cursor_u32(&rest);
		number = number32 == UINT32_MAX ? UINT64_MAX : number32;
	}
	return rest.failed ? UINT64_MAX : number;
}

static void read_field(struct conn_tcp *tcp, const struct cursor *info, const struct field *field)
{
	static const uint32_t scales[] = { [ONE] = 1, [MICRO] = 1000, [MILLI] = NS_PER_MSEC };
	uint64_t number = number_at(info, field->at, field->size);

	if (number != UINT64_MAX)
		number *= scales[field->scale];
	memcpy((char *)tcp + field->to, &number, sizeof(number));
}

static void add_option(struct buf *out, struct str word)
{
	if (out->len)
		buf_char(out, ',');
	buf_str(out, word);
}

/* TCPI_OPT_ bits from the lowest, then the two scales, which share a byte as bit fields: the sent one
 * comes first. */
static void read_options(const struct cursor *info, struct buf *out)
{
	struct cursor rest = *info;
	struct str words = STR("ts\0sack\0\0ecn\0ecnseen\0fastopen\0usec_ts"), word;
	uint8_t options, scales, low, high;
	bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

	cursor_skip(&rest, AT_OPTIONS);
	options = cursor_u8(&rest);
	scales = cursor_u8(&rest);
	buf_clear(out);
	for (unsigned bits = options; str_split(&words, '\0', &word); bits >>= 1) {
		if (bits & 1 && word.len)
			add_option(out, word);
	}
	if (!(options & OPTION_WSCALE))
		return;
	low = scales & 15;
	high = scales >> 4;
	add_option(out, STR("wscale:"));
	buf_u64(out, little ? low : high);
	buf_char(out, '/');
	buf_u64(out, little ? high : low);
}

static bool fin_received(enum conn_state state)
{
	return state == STATE_CLOSE_WAIT || state == STATE_LAST_ACK || state == STATE_CLOSING;
}

static void read_sent(
        struct conn_tcp *tcp, const struct cursor *info, size_t sent_at, size_t retrans_at)
{
	uint64_t sent = number_at(info, sent_at, 8), retrans = number_at(info, retrans_at, 8);

	if (sent != UINT64_MAX && sent >= retrans)
		tcp->tx = sent - retrans;
}

void sock_tcpinfo(
        struct conn_tcp *tcp, const struct cursor *info, enum conn_state state, struct buf *opts)
{
	/* A listener has the start values of connections to come, which say nothing. */
	if (state == STATE_LISTEN || state == STATE_UNCONN)
		return;
	for (size_t i = 0; i < ARRAY_COUNT(fields); i++)
		read_field(tcp, info, &fields[i]);
	read_sent(tcp, info, AT_BYTES_SENT, AT_BYTES_RETRANS);
	if (fin_received(state) && tcp->rx != UINT64_MAX && tcp->rx > 0)
		tcp->rx--;
	if (tcp->ssthresh >= TCP_INFINITE_SSTHRESH)
		tcp->ssthresh = UINT64_MAX;
	/* Nothing measured yet; and the times since are counted from the start of the clock. */
	if (!tcp->rtt)
		tcp->rtt = tcp->rttvar = UINT64_MAX;
	if (state == STATE_SYN_SENT || state == STATE_SYN_RECV) {
		tcp->last_sent = tcp->last_received = UINT64_MAX;
		return;
	}
	read_options(info, opts);
	tcp->tcpopts = buf_view(opts);
}

void sock_mptcpinfo(struct conn_tcp *tcp, const struct cursor *info)
{
	read_sent(tcp, info, MPTCP_AT_BYTES_SENT, MPTCP_AT_BYTES_RETRANS);
	tcp->rx = number_at(info, MPTCP_AT_BYTES_RECEIVED, 8);
}
