/* SPDX-License-Identifier: MIT */
/*
 * A dump is a request and then datagrams of messages up to NLMSG_DONE. What is believed: only what the
 * kernel sent (port 0), only what has our sequence number, and of a message only what lies inside its
 * datagram. The kernel makes a datagram as big as the buffer it saw in the read before, 32 kB at most.
 */
#include "core/sys/netlink.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/file.h"
#include "core/base/mem.h"

#define BUFFER_SIZE ((size_t)256 << 10) /* fewer calls than with a smaller one */

static int dial(struct netlink *nl)
{
	nl->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, nl->protocol);
	return nl->fd < 0 ? -errno : 0;
}

static void hang_up(struct netlink *nl)
{
	if (nl->fd >= 0)
		close(nl->fd);
	nl->fd = -1;
}

int netlink_open(struct netlink *nl, const struct world *world, int protocol)
{
	*nl = (struct netlink){ .world = world, .fd = -1, .protocol = protocol };
	if (world->replay)
		return 0;
	nl->buffer = mem_alloc(BUFFER_SIZE);
	return dial(nl);
}

void netlink_close(struct netlink *nl)
{
	hang_up(nl);
	free(nl->buffer);
	nl->buffer = NULL;
}

/* Takes a record of @len bytes, of which @header are not its body, and what aligns the next one; the
 * last one may come without that. */
static bool take_record(struct cursor *data, size_t header, size_t len, struct cursor *body)
{
	size_t left = cursor_left(data), step = NLMSG_ALIGN(len);

	data->failed = len < header || len > left;
	if (data->failed) {
		data->at = data->end;
		return false;
	}
	*body = cursor_on(data->at + header, len - header);
	data->at += step < left ? step : left;
	return true;
}

/* The hottest loop of a big dump, so the four bytes are read at once. */
bool netlink_attr_next(struct cursor *attrs, struct netlink_attr *attr)
{
	struct nlattr header;

	if (cursor_left(attrs) < sizeof(header))
		return false;
	memcpy(&header, attrs->at, sizeof(header));
	attr->type = header.nla_type & NLA_TYPE_MASK;
	return take_record(attrs, sizeof(header), header.nla_len, &attr->body);
}

/* NLMSG_ERROR and NLMSG_DONE begin with an int, which is 0 or -errno. */
static int end_of_dump(struct cursor body)
{
	int32_t error = 0;

	cursor_copy(&body, &error, sizeof(error));
	if (error >= 0)
		return 1;
	return error > -4096 ? error : -EBADMSG;
}

int netlink_parse(struct netlink *nl, const void *bytes, size_t len)
{
	struct cursor data = cursor_on(bytes, len);

	while (cursor_left(&data) > 0) {
		struct nlmsghdr header;
		struct cursor body;

		if (cursor_left(&data) < sizeof(header))
			return -EBADMSG;
		memcpy(&header, data.at, sizeof(header));
		if (!take_record(&data, sizeof(header), header.nlmsg_len, &body))
			return -EBADMSG;
		if (nl->seq && header.nlmsg_seq != nl->seq)
			continue;
		if (header.nlmsg_flags & NLM_F_DUMP_INTR)
			nl->interrupted = true;
		if (header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE) {
			nl->ended = true;
			return end_of_dump(body);
		}
		if (header.nlmsg_type == NLMSG_OVERRUN)
			return -ENOBUFS;
		if (header.nlmsg_type >= NLMSG_MIN_TYPE &&
		        !nl->message(nl->context, header.nlmsg_type, body))
			return 2;
	}
	return 0;
}

/* One datagram; nothing where it is not the kernel's. */
static int receive(struct netlink *nl)
{
	struct sockaddr_nl from = { 0 };
	socklen_t from_len = sizeof(from);
	ssize_t got = recvfrom(
	        nl->fd, nl->buffer, BUFFER_SIZE, MSG_TRUNC, (struct sockaddr *)&from, &from_len);

	if (got < 0)
		return errno == EINTR ? 0 : -errno;
	if (from_len != sizeof(from) || from.nl_pid != 0)
		return 0;
	if ((size_t)got > BUFFER_SIZE)
		return -EMSGSIZE;
	return netlink_parse(nl, nl->buffer, (size_t)got);
}

/* What is written to a netlink socket without an address goes to the kernel. */
static int send_request(struct netlink *nl, uint16_t type, const struct buf *payload)
{
	struct nlmsghdr header = { (uint32_t)(sizeof(header) + payload->len), type,
		NLM_F_REQUEST | NLM_F_DUMP, ++nl->seq, 0 };
	struct buf request = { 0 };
	int error;

	buf_add(&request, &header, sizeof(header));
	buf_add(&request, payload->ptr, payload->len);
	error = file_write(nl->fd, request.ptr, request.len);
	buf_release(&request);
	return error;
}

/* A recorded dump is one file of messages, with whatever sequence number they had. */
static int replay(struct netlink *nl, const char *path)
{
	struct buf bytes = { 0 };
	int64_t got = file_read(nl->world->root, path, &bytes, 0);
	int result = got < 0 ? (int)got : netlink_parse(nl, bytes.ptr, bytes.len);

	buf_release(&bytes);
	return result;
}

int netlink_dump(struct netlink *nl, const char *path, uint16_t type, const struct buf *payload)
{
	int result = 0;

	if (nl->world->replay) {
		result = replay(nl, path);
	} else {
		/* The dump before was not read to its end: its rest went with its socket. */
		if (nl->fd < 0)
			result = dial(nl);
		nl->ended = false;
		if (!result)
			result = send_request(nl, type, payload);
		while (!result)
			result = receive(nl);
		/* After a refusal it serves on: a new one would be a socket that no table of owners has. */
		if (!nl->ended)
			hang_up(nl);
	}
	return result < 0 ? result : 0;
}
