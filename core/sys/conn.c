/* SPDX-License-Identifier: MIT */
/*
 * The columns of a connection, and the words by which people who know ss, netstat, lsof and RustNet
 * call them. A word of a state or a protocol needs no translation: it works bare.
 */
#include "core/sys/conn.h"

#include <string.h>

#include "core/base/mem.h"

/*
 * Words and lists are packed, because every pointer costs a static-pie a relocation. The bytes in front of
 * the words are the numbers of conn.h's enums, in octal;
 * first the names, then what others call them.
 */
/* clang-format off */
#define PROTOS \
	"\1tcp\0" "\2mptcp\0" "\3udp\0" "\4udplite\0" "\5raw\0" "\6icmp\0" "\7sctp\0" \
	"\10unix\0" "\11packet\0" "\12netlink\0" "\13vsock\0" \
	"\4udp-lite\0" \
	"\6ping\0"

#define FAMILIES \
	"\1inet\0" "\2inet6\0" "\3unix\0" "\4packet\0" "\5netlink\0" "\6vsock\0" \
	"\1ipv4\0" "\1ip4\0" "\1inet4\0" \
	"\2ipv6\0" "\2ip6\0" \
	"\4link\0"

#define STATES \
	"\1established\0" "\2syn-sent\0" "\3syn-recv\0" "\4fin-wait-1\0" "\5fin-wait-2\0" \
	"\6time-wait\0" "\7unconn\0" "\10close-wait\0" "\11last-ack\0" "\12listen\0" \
	"\13closing\0" "\15bound-inactive\0" \
	"\1estab\0" \
	"\2synsent\0" "\2syn_sent\0" \
	"\3synrecv\0" "\3syn_recv\0" \
	"\4fin-wait1\0" "\4fin_wait1\0" "\4finwait1\0" \
	"\5fin-wait2\0" "\5fin_wait2\0" "\5finwait2\0" \
	"\6time_wait\0" "\6timewait\0" \
	"\7unconnected\0" "\7close\0" "\7closed\0" \
	"\10close_wait\0" "\10closewait\0" \
	"\11last_ack\0" "\11lastack\0" \
	"\12listening\0" \
	"\15bound\0"

/* Not "none": quality:none asks for rows whose quality is unknown. */
#define QUALITIES \
	"\1exact\0" \
	"\2ownerless\0" \
	"\3hidden\0"

#define TIMERS \
	"\1off\0" \
	"\2on\0" \
	"\3keepalive\0" \
	"\4timewait\0" \
	"\5persist\0"

#define OF_PROCESS(bit) ((uint32_t)NEED_OWNER | (bit))
#define OF_RATES (NEED_RATES | NEED_TCPINFO)

static const struct column columns[] = {
	COL_ENUM(conn, proto, 5, 0, PROTOS, "protocol"),
	COL_ENUM(conn, family, 5, 0, FAMILIES, "address family"),
	COL_ENUM(conn, state, 11, 0, STATES, "state of the connection; unconn is usual for UDP"),
	COL_ENDPOINT(conn, local, 22, 0, "local address and port, or the name of that end"),
	COL_ADDR(conn, local, "laddr", 15, 0, "local address"),
	COL_PORT(conn, local, "lport", -5, 0, "local port; of raw sockets the IP protocol"),
	COL_ENDPOINT(conn, remote, 22, 0, "remote address and port"),
	COL_ADDR(conn, remote, "raddr", 15, 0, "remote address"),
	COL_PORT(conn, remote, "rport", -5, 0, "remote port"),
	COL_TEXT(conn, iface, 8, NEED_IFACE, "interface that the socket is bound to"),
	COL_UINT(conn, inode, -8, 0, "inode, as in /proc/PID/fd; 0 where no process can hold it"),
	COL_HEX(conn, cookie, -6, 0, "number that the kernel gives no other socket"),
	COL_UINT(conn, netns, -10, NEED_NETNS, "inode of the network namespace"),
	COL_UINT(conn, uid, -5, 0, "user who made the socket"),
	COL_TEXT(conn, user, 8, NEED_USER, "name of that user"),
	COL_HEX(conn, mark, -6, 0, "mark of its packets (needs CAP_NET_ADMIN)"),
	COL_HEX(conn, tos, -4, NEED_TOS, "type of service or traffic class"),
	COL_BOOL(conn, v6only, -6, 0, "takes no IPv4 connections (listening or unbound IPv6)"),
	COL_BOOL(conn, subflow, -7, NEED_TCPINFO, "carries a part of an MPTCP connection"),
	COL_PATH(conn, path, 16, 0, "name of a UNIX socket; @ begins an abstract one"),
	COL_UINT(conn, peer, -8, NEED_PEER, "inode of a UNIX socket's other end"),
	COL_UINT_IN(conn, process, process, pid, -7, NEED_OWNER, "process that holds the socket"),
	COL_UINT_IN(conn, process, process, ppid, -7, OF_PROCESS(NEED_PROC_STAT), "its parent"),
	COL_TEXT_IN(conn, process, process, comm, 15, OF_PROCESS(NEED_PROC_COMM), "its name"),
	COL_PATH_IN(conn, process, process, exe, 20, OF_PROCESS(NEED_PROC_EXE), "its program file"),
	COL_TEXT_IN(conn, process, process, cmdline, 20, OF_PROCESS(NEED_PROC_CMDLINE), "its arguments"),
	COL_UINT(conn, fd, -4, NEED_OWNER, "its lowest descriptor of this socket"),
	COL_UINT(conn, owners, -6, NEED_OWNER, "how many processes hold the socket"),
	COL_TIME_IN(conn, process, process, started, 20, OF_PROCESS(NEED_PROC_STAT), "when the process started"),
	COL_DURATION_IN(conn, process, process, age, -7, OF_PROCESS(NEED_PROC_STAT), "how long it has been running"),
	COL_TEXT_IN(conn, process, process, tty, 6, OF_PROCESS(NEED_PROC_STAT), "its terminal"),
	COL_PATH_IN(conn, process, process, cgroup, 20, OF_PROCESS(NEED_PROC_CGROUP), "its control group"),
	COL_TEXT_IN(conn, process, process, ancestors, 20, OF_PROCESS(NEED_PROC_ANCESTORS), "names of its parent, the parent's parent..."),
	COL_ENUM(conn, quality, 9, NEED_OWNER, QUALITIES, "how sure the owner is"),
	COL_TEXT(conn, via, 14, NEED_BACKEND, "backends that found the socket and its owner"),
	COL_BYTES(conn, rxq, -6, 0, "not yet read by the process; of a listener: connections not yet accepted"),
	COL_BYTES(conn, txq, -6, 0, "not yet acknowledged by the other end"),
	COL_UINT(conn, backlog, -7, 0, "connections that may wait to be accepted"),
	COL_BYTES_IN(conn, memory, conn_memory, rcvbuf, -6, NEED_MEMORY, "most that may wait to be read"),
	COL_BYTES_IN(conn, memory, conn_memory, sndbuf, -6, NEED_MEMORY, "most that may wait to be sent"),
	COL_BYTES_IN(conn, memory, conn_memory, mem, -6, NEED_MEMORY, "memory in use"),
	COL_UINT_IN(conn, memory, conn_memory, drops, -6, NEED_MEMORY, "packets dropped on arrival"),
	COL_DURATION_IN(conn, tcp, conn_tcp, rtt, -7, NEED_TCPINFO, "round-trip time, smoothed"),
	COL_DURATION_IN(conn, tcp, conn_tcp, rttvar, -7, NEED_TCPINFO, "its variation"),
	COL_DURATION_IN(conn, tcp, conn_tcp, minrtt, -7, NEED_TCPINFO, "least round-trip time of late"),
	COL_DURATION_IN(conn, tcp, conn_tcp, rto, -7, NEED_TCPINFO, "retransmission timeout"),
	COL_UINT_IN(conn, tcp, conn_tcp, cwnd, -5, NEED_TCPINFO, "congestion window, in segments"),
	COL_UINT_IN(conn, tcp, conn_tcp, ssthresh, -8, NEED_TCPINFO, "where slow start ends, in segments"),
	COL_BYTES_IN(conn, tcp, conn_tcp, mss, -5, NEED_TCPINFO, "payload of a full segment"),
	COL_BYTES_IN(conn, tcp, conn_tcp, pmtu, -5, NEED_TCPINFO, "path MTU"),
	COL_UINT_IN(conn, tcp, conn_tcp, retrans, -7, NEED_TCPINFO, "segments sent again, in all"),
	COL_UINT_IN(conn, tcp, conn_tcp, lost, -4, NEED_TCPINFO, "segments held to be lost now"),
	COL_UINT_IN(conn, tcp, conn_tcp, reordering, -10, NEED_TCPINFO, "segments that may overtake each other before one counts as lost"),
	COL_BYTES_IN(conn, tcp, conn_tcp, rx, -6, NEED_TCPINFO, "payload received"),
	COL_BYTES_IN(conn, tcp, conn_tcp, tx, -6, NEED_TCPINFO, "payload sent, each byte once"),
	COL_UINT_IN(conn, tcp, conn_tcp, segs_in, -7, NEED_TCPINFO, "segments received"),
	COL_UINT_IN(conn, tcp, conn_tcp, segs_out, -8, NEED_TCPINFO, "segments sent"),
	COL_RATE_IN(conn, tcp, conn_tcp, delivery_rate, -13, NEED_TCPINFO, "fastest delivery of late"),
	COL_RATE_IN(conn, tcp, conn_tcp, pacing_rate, -11, NEED_TCPINFO, "rate that sending is held to"),
	COL_DURATION_IN(conn, tcp, conn_tcp, busy, -7, NEED_TCPINFO, "time with something to send"),
	COL_DURATION_IN(conn, tcp, conn_tcp, rwnd_limited, -12, NEED_TCPINFO, "of that, held up by the receiver's window"),
	COL_DURATION_IN(conn, tcp, conn_tcp, sndbuf_limited, -14, NEED_TCPINFO, "of that, held up by a full send buffer"),
	COL_ENUM(conn, timer, 9, 0, TIMERS, "TCP timer that runs"),
	COL_DURATION(conn, timeout, -7, 0, "when that timer ends"),
	COL_TEXT_IN(conn, tcp, conn_tcp, cc, 6, NEED_CC, "congestion control"),
	COL_TEXT_IN(conn, tcp, conn_tcp, tcpopts, 20, NEED_TCPINFO, "TCP options in use; wscale:sent/received"),
	COL_DURATION_IN(conn, tcp, conn_tcp, last_sent, -9, NEED_TCPINFO, "since payload was sent last"),
	COL_DURATION_IN(conn, tcp, conn_tcp, last_received, -13, NEED_TCPINFO, "since payload was received last"),
	COL_RATE(conn, rxrate, -6, OF_RATES, "payload received a second (TCP)"),
	COL_RATE(conn, txrate, -6, OF_RATES, "payload sent a second (TCP)"),
	COL_TEXT(conn, lservice, 8, NEED_SERVICE, "name of the local port"),
	COL_TEXT(conn, rservice, 8, NEED_SERVICE, "name of the remote port"),
	COL_UINT(conn, sample, -6, 0, "number of the sample, from 1"),
	COL_TIME(conn, time, 20, 0, "when the sample was taken"),
};

_Static_assert(ARRAY_COUNT(columns) <= SCHEMA_COLUMNS_MAX, "a column_set holds every column");

static const char aliases[] =
	"port\0" "lport,rport\0"
	"sport\0" "lport\0"
	"srcport\0" "lport\0"
	"source-port\0" "lport\0"
	"dport\0" "rport\0"
	"dstport\0" "rport\0"
	"dest-port\0" "rport\0"
	"destination-port\0" "rport\0"
	"addr\0" "laddr,raddr\0"
	"src\0" "local\0"
	"source\0" "local\0"
	"dst\0" "remote\0"
	"dest\0" "remote\0"
	"destination\0" "remote\0"
	"process\0" "comm\0"
	"service\0" "lservice,rservice\0"
	"svc\0" "lservice,rservice\0"
	"protocol\0" "proto\0"
	"dev\0" "iface\0"
	"fwmark\0" "mark\0";

static const char costs[] =
	"\11reads /proc/PID/fd of every process\0" /* NEED_OWNER */
	"\1a file of each owner\0" /* NEED_PROC_COMM */
	"\2a file of each owner\0" /* NEED_PROC_STAT */
	"\3a link of each owner\0" /* NEED_PROC_EXE */
	"\4a file of each owner\0" /* NEED_PROC_CMDLINE */
	"\5a file of each owner\0" /* NEED_PROC_CGROUP */
	"\6a file of each ancestor\0" /* NEED_PROC_ANCESTORS */
	"\12" "0.2 us a TCP socket\0" /* NEED_TCPINFO */
	"\13little\0" /* NEED_CC */
	"\14little\0" /* NEED_MEMORY */
	"\15little\0" /* NEED_TOS */
	"\16reads /etc/passwd\0" /* NEED_USER */
	"\17reads /etc/services\0" /* NEED_SERVICE */
	"\20a call for each interface\0" /* NEED_IFACE */
	"\21one call\0" /* NEED_NETNS */
	"\22two samples\0" /* NEED_RATES */
	"\23little\0" /* NEED_PEER */
	"\24nothing\0"; /* NEED_BACKEND */

static const char idioms[] =
	"state\0" "state:established\0"
	"exclude\0" "'not state:time-wait'\0"
	"connected\0" "'not state:listen,unconn,time-wait,syn-recv'\0"
	"synchronized\0" "'not state:listen,unconn,time-wait,syn-recv,syn-sent'\0"
	"bucket\0" "state:time-wait,syn-recv\0"
	"big\0" "'not state:time-wait,syn-recv'\0"
	"sport\0" "sport:22 (or lport:22)\0"
	"dport\0" "dport:443 (or rport:443)\0"
	"src\0" "src:10.0.0.0/8 (or laddr:10.0.0.0/8)\0"
	"dst\0" "dst:10.0.0.0/8 (or raddr:10.0.0.0/8)\0"
	"dev\0" "iface:eth0\0"
	"fwmark\0" "mark:0x2a\0"
	"autobound\0" "lport:32768..60999, where the ports are that the kernel gives\0";

/* clang-format on */

const struct schema conn_schema = {
	.name = "conn",
	.version = 1,
	.columns = columns,
	.count = ARRAY_COUNT(columns),
	.row_size = sizeof(struct conn),
	.defaults = "proto,state,local,remote,pid,comm",
	.bare = "proto,state,local,remote,comm,path,iface",
	.ends = "local,remote",
	.number = "port",
	.aliases = aliases,
	.costs = costs,
	.idioms = idioms,
};

void conn_clear(struct conn *conn)
{
	memset(conn, 0xff, offsetof(struct conn, proto));
	memset(&conn->proto, 0, sizeof(*conn) - offsetof(struct conn, proto));
}

void conn_tcp_clear(struct conn_tcp *tcp)
{
	memset(tcp, 0xff, sizeof(*tcp));
	tcp->cc = tcp->tcpopts = STR_NONE;
}
