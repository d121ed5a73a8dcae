#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Every TCP state, both families, dual stack, mapped and link-local addresses, MPTCP: rows against ss,
# and both backends against each other.

# shellcheck disable=SC2101,SC2102 # [::1] is an address, not a pattern
load lib.bash

setup_file() {
	world_start \
		tcp-listen 127.0.0.1:1001 tcp-listen 0.0.0.0:1002 v6only 1 tcp-listen [::1]:1003 \
		v6only 0 tcp-listen [::]:1004 tcp-connect 127.0.0.1:1004 tcp-bound 127.0.0.1:1005 v6only -1 \
		tcp-pair 127.0.0.2:1006 tcp-pair [::1]:1007 queue 100 tcp-pair [fe80::9%v0]:1008 tcp-listen [fe80::9%v0]:1009 \
		state syn-sent 10.9.0.2:1010 state syn-sent [fe80::99%v0]:1011 \
		state syn-recv 127.0.0.1:1012 state syn-recv [::1]:1013 \
		state fin-wait-1 127.0.0.1:1014 state fin-wait-1 [::1]:1015 \
		state fin-wait-2 127.0.0.1:1016 state fin-wait-2 [::1]:1017 \
		state close-wait 127.0.0.1:1018 state close-wait [::1]:1019 \
		state last-ack 127.0.0.1:1020 state last-ack [::1]:1021 \
		state closing 127.0.0.1:1022 state closing [::1]:1023 \
		state time-wait 127.0.0.1:1024 state time-wait [::1]:1025 \
		state accept-queue 127.0.0.1:1026 \
		udp 0.0.0.0:1030 udp [::1]:1031 udp-pair 127.0.0.1:1032 127.0.0.2:1033 udp-pair [::1]:1034 [::1]:1035 \
		dev lo udp 127.0.0.1:1036 tcp-listen 127.0.0.1:1037 \
		uid 1234 tcp-listen 127.0.0.1:1040 tcp-pair 127.0.0.1:1041 udp 127.0.0.1:1042
}

teardown_file() { world_stop; }

setup() { needs_root; }

# Zones are shown by ss for what is bound to an interface, by conns for link-local addresses.
no_zones() { sed -E 's/%[^]:\t]+//g'; }

# Sockets without inode have no uid in ss. Send-Q of a listener is its limit there, which is another column here.
comparable() { awk -F "\t" -v OFS="\t" '$7 == 0 || $7 == "-" { $7 = $8 = "?" } $2 == "listen" { $6 = "?" } 1' | sort; }

@test "all TCP and UDP sockets are those of ss" {
	wanted=$(ss_rows tcp,udp | comparable)
	got=$(rows proto,state,local,remote,rxq,txq,inode,uid | no_zones | comparable)
	same "$wanted" "$got"
}

@test "every TCP state has a row in each family" {
	for family in 4 6; do
		got=$(rows state -"$family" proto:tcp | sort -u | tr '\n' ' ')
		same "close-wait closing established fin-wait-1 fin-wait-2 last-ack listen syn-recv syn-sent time-wait " "$got"
	done
}

one_state() {
	wanted=$(ss_rows tcp,udp | comparable | awk -F "\t" -v state="$1" '$2 == state')
	got=$(rows proto,state,local,remote,rxq,txq,inode,uid "state:$1" | no_zones | comparable)
	[ -n "$wanted" ]
	same "$wanted" "$got"
}

@test "state established is ss's" { one_state established; }
@test "state syn-sent is ss's" { one_state syn-sent; }
@test "state syn-recv is ss's" { one_state syn-recv; }
@test "state fin-wait-1 is ss's" { one_state fin-wait-1; }
@test "state fin-wait-2 is ss's" { one_state fin-wait-2; }
@test "state close-wait is ss's" { one_state close-wait; }
@test "state last-ack is ss's" { one_state last-ack; }
@test "state closing is ss's" { one_state closing; }
@test "state time-wait is ss's" { one_state time-wait; }
@test "state listen is ss's" { one_state listen; }

# What is bound without listening (6.8 and later) ss does not ask for.
@test "state unconn of UDP is ss's" {
	wanted=$(ss_rows tcp,udp | awk -F "\t" '$2 == "unconn"')
	same "$wanted" "$(rows proto,state,local,remote,rxq,txq,inode,uid state:unconn proto:udp | no_zones | sort)"
}

@test "netlink and procfs give equal rows" {
	columns=proto,family,state,local,remote,rxq,txq,uid,inode
	# A bound interface is known to netlink only, and with it the zone of a link-local address. Backlogs and
	# the queue of a listener are in both.
	wanted=$(rows $columns --backend netlink | no_zones | sort)
	got=$(rows $columns --backend procfs | no_zones | sort)
	[ "$(wc -l <<<"$wanted")" -gt 40 ]
	same "$wanted" "$got"
}

@test "netlink and procfs give equal owners" {
	columns=proto,local,remote,inode,pid,fd,comm,owners,quality
	same "$(rows $columns --backend netlink | no_zones | sort)" "$(rows $columns --backend procfs | no_zones | sort)"
}

@test "netlink and procfs agree when the filter is pushed down" {
	for filter in lport:1001 rport:1006 laddr:127.0.0.0/8 raddr:::1 state:listen state:time-wait port:1030..1035 'local:[::1]:1007' family:inet6 \
		proto:udp laddr:127.0.0.2,::1 'lport!=1001' 'lport!=1001,1003'; do
		same "$filter
$(rows proto,state,local,remote,inode --backend netlink "$filter" | no_zones | sort)" "$filter
$(rows proto,state,local,remote,inode --backend procfs "$filter" | no_zones | sort)"
	done
}

@test "a dual-stack listener says so" {
	same "[::]:1004	false" "$(rows local,v6only lport:1004 state:listen)"
	same "[::1]:1003	true" "$(rows local,v6only lport:1003)"
}

@test "mapped addresses are shown as such and found as IPv4" {
	same "[::ffff:127.0.0.1]:1004" "$(rows local lport:1004 state:established)"
	same "[::ffff:127.0.0.1]:1004" "$(rows local lport:1004 laddr:127.0.0.1)"
}

@test "a link-local address carries its zone" {
	same "[fe80::9%v0]:1009	[::]:*" "$(rows local,remote lport:1009)"
	same "[fe80::9%v0]:1008" "$(rows local lport:1008)"
	same "[fe80::99%v0]:1011	v0" "$(rows remote,iface rport:1011 --backend netlink)"
}

@test "an interface is shown for what is bound to it" {
	same "127.0.0.1:1036	lo" "$(rows local,iface lport:1036)"
	same "127.0.0.1:1037	lo" "$(rows local,iface lport:1037)"
	same "127.0.0.1:1001	-" "$(rows local,iface lport:1001)"
}

@test "sockets without inode never have an owner, and are never hidden" {
	for state in syn-recv time-wait; do
		same "-	ownerless" "$(rows pid,quality state:$state | sort -u)"
	done
	same "-	ownerless" "$(rows pid,quality lport:1026 state:established)" # not accepted yet
}

@test "the queues of a listener: waiting, and its limit" {
	same "1	5" "$(rows rxq,backlog lport:1026 state:listen)"
	same "0	5" "$(rows rxq,backlog lport:1001)"
}

@test "bytes that wait are counted on the right side" {
	same "100	0" "$(rows rxq,txq lport:1007)"
	same "0	0" "$(rows rxq,txq rport:1007)"
}

@test "uid and user are the creator's" {
	same "1234	-" "$(rows uid,user lport:1040)"
	same "0	root" "$(rows uid,user lport:1001)"
	same 4 "$(rows local uid:1234 | wc -l)"
}

@test "cookies are the kernel's" {
	wanted=$(awk '$1 == "socket" && $2 == "tcp-pair" { print $4 "\t" $5 }' "$MADE" | sort)
	got=$(rows inode,cookie proto:tcp --backend netlink | while read -r inode cookie; do echo "$inode	$((cookie))"; done)
	while read -r line; do has "$got" "$line"; done <<<"$wanted"
}

@test "-l, -4, -6, -t, -u choose like ss" {
	for letters in -tl -ul -tl4 -tl6 -t -u -tu4 -tu6 -tul; do
		# ss without -a leaves out what listens; conns shows every state
		flags=a
		[[ $letters == *l* ]] && flags=
		wanted=$(inside ss -HOn"$flags"e "$letters" | sed 's/^\([A-Z]\)/x &/' | wc -l)
		same "$letters $wanted" "$letters $(rows inode "$letters" | wc -l)"
	done
}
