#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The families beside TCP and UDP: MPTCP, UDP-Lite, raw, ping, UNIX, packet, netlink, vsock. What the
# kernel of this machine does not have is skipped by name.

# shellcheck disable=SC2101,SC2102 # [::1] is an address, not a pattern
load lib.bash

setup_file() {
	world_start \
		tcp-listen 127.0.0.1:2000 udp 127.0.0.1:2000 \
		udplite 127.0.0.1:2001 udplite [::1]:2002 \
		raw 127.0.0.1 255 raw [::1] 253 raw 0.0.0.0 1 icmp 127.0.0.1:77 icmp [::1]:78 \
		mptcp-listen 127.0.0.1:2003 mptcp-pair 127.0.0.1:2004 v6only 0 mptcp-listen [::]:2005 mptcp-pair [::1]:2006 \
		unix-listen "$BATS_FILE_TMPDIR/listen" unix-dgram "$BATS_FILE_TMPDIR/dgram" unix-seqpacket "$BATS_FILE_TMPDIR/seq" \
		unix-pair @pair unix-listen '@a\0b\0c' unix-dgram @-dash unix-listen "$BATS_FILE_TMPDIR/with blank" \
		packet lo packet v0 netlink 0 netlink 4
}

teardown_file() { world_stop; }

setup() { needs_root; }

@test "MPTCP sockets are those of ss" {
	[ -e /proc/sys/net/mptcp/enabled ] || skip "no MPTCP in this kernel"
	wanted=$(ss_rows mptcp | cut -f 1-4,7)
	[ "$(wc -l <<<"$wanted")" = 6 ]
	same "$wanted" "$(rows proto,state,local,remote,inode proto:mptcp)"
}

@test "MPTCP is in the default selection and in -t, and subflows are TCP rows beside it" {
	[ -e /proc/sys/net/mptcp/enabled ] || skip "no MPTCP in this kernel"
	for letters in "" -t; do
		# shellcheck disable=SC2086
		same "mptcp	listen
tcp	listen" "$(rows proto,state $letters lport:2003)"
	done
	wanted=$(ss_rows tcp | cut -f 1-4,7)
	same "$wanted" "$(rows proto,state,local,remote,inode proto:tcp)"
}

@test "owners of MPTCP sockets" {
	[ -e /proc/sys/net/mptcp/enabled ] || skip "no MPTCP in this kernel"
	same "$WORLD" "$(rows pid proto:mptcp | sort -u)"
}

@test "UDP-Lite" {
	[ -e /proc/net/udplite ] || skip "no UDP-Lite in this kernel"
	for backend in netlink procfs; do
		same "udplite	unconn	127.0.0.1:2001	0.0.0.0:*	$WORLD
udplite	unconn	[::1]:2002	[::]:*	$WORLD" "$(rows proto,state,local,remote,pid proto:udplite --backend $backend)"
	done
}

@test "raw sockets are those of ss" {
	wanted=$(told raw)
	[ "$(wc -l <<<"$wanted")" = 3 ]
	same "$wanted" "$(rows inode proto:raw | grep -v '^-$')"
	same "$wanted" "$(rows inode -w proto:raw)"
	same "$(ss_rows raw | cut -f 1-4)" "$(rows proto,state,local,remote proto:raw)"
	same "$WORLD" "$(rows pid proto:raw | sort -u)"
}

@test "ping sockets" {
	for letters in proto:icmp -w; do
		got=$(rows proto,inode,local,pid $letters)
		for inode in $(told icmp); do has "$got" "icmp	$inode"; done
		has "$got" 127.0.0.1 ::1
	done
}

@test "packet sockets are those of ss" {
	wanted=$(told packet)
	same "$wanted" "$(ss_rows packet | cut -f 7 | sort)"
	for letters in -0 proto:packet; do
		same "$wanted" "$(rows inode $letters)"
	done
	same "lo v0" "$(rows iface proto:packet | tr '\n' ' ' | sed 's/ $//')"
	same "$WORLD" "$(rows pid proto:packet | sort -u)"
}

@test "netlink sockets are those of ss" {
	wanted=$(told netlink)
	got=$(rows inode,pid proto:netlink)
	for inode in $wanted; do has "$got" "$inode	$WORLD"; done
	# ss and conns each see their own dump socket too
	same "$(inside ss -HOna -f netlink 2>/dev/null | wc -l)" "$(rows inode proto:netlink --backend netlink | wc -l)"
}

@test "netlink and procfs give equal packet, netlink and raw sockets" {
	for proto in packet raw; do
		# Not every kernel has raw_diag
		[ $proto = packet ] || conns -q --backend netlink proto:raw 2>/dev/null || continue
		[ -n "$(rows inode proto:$proto)" ]
		same "$proto $(rows proto,inode,pid --backend netlink proto:$proto)" \
			"$proto $(rows proto,inode,pid --backend procfs proto:$proto)"
	done
	for inode in $(told netlink); do
		same "$inode	$WORLD" "$(rows inode,pid --backend procfs proto:netlink inode:"$inode")"
	done
}

@test "vsock, or the module that is missing" {
	run apart vsock 5000 -- "$SOCKBOX" conns -H -F tsv -o proto,state,local proto:vsock
	[ "$status" != 99 ] || skip "no vsock in this kernel"
	if [ "$status" = 0 ]; then
		same "vsock	listen	*:5000" "$output"
	else
		same 3 "$status"
		has "$output" vsock_diag
	fi
}

# ss has the names in columns of its own, two words an end: the path and the inode.
ss_unix() { inside ss -HOnax 2>/dev/null | awk '{ print $6 "\t" tolower($2) "\t" $8 }' | sed 's/\testab\t/\testablished\t/' | sort; }

@test "UNIX sockets are those of ss" {
	wanted=$(ss_unix | grep -v "blank")
	[ "$(wc -l <<<"$wanted")" -ge 8 ]
	got=$(rows inode,state,peer -x | sed 's/\t-$/\t0/')
	while read -r line; do has "$got" "$line"; done <<<"$wanted"
	same "$(told unix-listen; told unix-dgram; told unix-seqpacket; told unix-pair)" "$(rows inode -x | awk '{ print }')" ||
		same "$( (told unix-listen; told unix-dgram; told unix-seqpacket; told unix-pair) | sort)" "$(rows inode -x)"
}

@test "netlink and procfs give equal UNIX sockets" {
	wanted=$(rows proto,state,inode,path,pid,fd -x --backend netlink not path:@a)
	[ "$(wc -l <<<"$wanted")" -ge 6 ]
	same "$wanted" "$(rows proto,state,inode,path,pid,fd -x --backend procfs not path:@a)"
}

@test "a UNIX path is whole, also with a blank or a leading dash" {
	dir=$BATS_FILE_TMPDIR
	same "$dir/with blank	listen	$WORLD" "$(rows path,state,pid -x path:blank)"
	same "$dir/dgram	unconn" "$(rows path,state -x path:dgram)"
	same "$dir/seq	listen" "$(rows path,state -x path:"$dir/seq")"
	same "@-dash" "$(rows path -x path:dash)"
}

@test "an abstract name keeps its NUL bytes" {
	[[ $(rows path -x --backend netlink path:@a) == '@a\x00b\x00c' ]]
	same '"@a\u0000b\u0000c"' "$(conns -J -o path -x --backend netlink path:@a | jq -c .path)"
}

@test "peer is the inode of the other end" {
	got=$(conns -J -o inode,peer -x state:established --backend netlink | jq -r '"\(.inode) \(.peer)"')
	[ "$(wc -l <<<"$got")" = 2 ]
	same "$(sort <<<"$got")" "$(awk '{ print $2, $1 }' <<<"$got" | sort)"
}

@test "-a shows every family, the default only TCP and UDP" {
	got=" $(rows proto -a | sort -u | tr '\n' ' ')"
	has "$got" " tcp " " udp " " unix " " raw " " icmp " " packet " " netlink "
	same "mptcp tcp udp udplite" "$(rows proto | sort -u | tr '\n' ' ' | sed 's/ $//')"
}

@test "a term on proto, family or path replaces the default selection" {
	has "$(rows proto proto:unix | sort -u)" unix
	has "$(rows proto family:unix | sort -u)" unix
	has "$(rows proto path:pair | sort -u)" unix
	same "netlink
packet" "$(rows proto family:netlink,packet | sort -u)"
}

@test "family says which it is" {
	same "inet	127.0.0.1:2000
inet6	[::1]:2002" "$(rows family,local lport:2000,2002 proto:tcp,udplite)"
}

@test "conns' own netlink socket has its owner, also behind a refused dump" {
	# raw_diag is not built into every kernel: a refusal stands between the scan of owners and the netlink dump.
	run --separate-stderr conns -H -F tsv -o comm,quality proto:raw,netlink comm:sockbox
	same $'sockbox\texact' "$(sort -u <<<"$output")"
}
