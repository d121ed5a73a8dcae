/* SPDX-License-Identifier: MIT */
/*
 * tcp_info as kernels of all ages send it: it only ever grew at its end (include/uapi/linux/tcp.h), so
 * each field is read only where the bytes reach that far.
 */
#ifndef SOCKBOX_SYS_SOCK_TCPINFO_H
#define SOCKBOX_SYS_SOCK_TCPINFO_H

#include "core/base/buf.h"
#include "core/base/cursor.h"
#include "core/sys/conn.h"

/** Fills what @info holds of @tcp; the rest stays as it was. @state decides what makes sense. The text
 * of tcp->tcpopts is put into @opts. */
void sock_tcpinfo(
        struct conn_tcp *tcp, const struct cursor *info, enum conn_state state, struct buf *opts);

/** The same of MPTCP's mptcp_info (include/uapi/linux/mptcp.h): the bytes. */
void sock_mptcpinfo(struct conn_tcp *tcp, const struct cursor *info);

#endif
