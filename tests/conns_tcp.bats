#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Figures of sockets: tcp_info against ss -i, exact payload bytes, buffers against ss -m, timers,
# options, and rates of a transfer whose pace is known.

# shellcheck disable=SC2101,SC2102 # [::1] is an address, not a pattern
load lib.bash

setup_file() {
	world_start \
		tcp-pair 127.0.0.1:6001 bytes 123456 back 777 \
		tcp-pair [::1]:6002 bytes 1 \
		tcp-pair 127.0.0.1:6003 \
		tcp-pair 127.0.0.1:6004 queue 4000 \
		cc reno tos 16 keepalive 1 tcp-pair 127.0.0.1:6005 bytes 50000 tos 0 keepalive 0 \
		state close-wait 127.0.0.1:6006 state syn-sent 10.9.0.2:6007 \
		rcvbuf 50000 sndbuf 60000 tcp-listen 127.0.0.1:6008 udp 127.0.0.1:6009 unix-dgram @buf netlink 0
}

teardown_file() { world_stop; }

setup() { needs_root; }

# What ss -i says of the socket with this inode, as "name value" lines; durations in ms.
ss_info() {
	inside ss -HOnaei -t | grep " ino:$1 " | tr ' ' '\n' | sed -nE 's/^(rto|mss|pmtu|cwnd|ssthresh|bytes_acked|bytes_received|segs_in|segs_out|minrtt|reordering):([0-9.]+)$/\1 \2/p;
		s/^rtt:([0-9.]+)\/([0-9.]+)$/rtt \1\nrttvar \2/p'
}

@test "tcp_info is that of ss -i" {
	n=0
	while read -r inode; do
		info=$(ss_info "$inode")
		got=$(conns -J -o rtt,rttvar,minrtt,rto,cwnd,ssthresh,mss,pmtu,segs_in,segs_out,reordering "inode:$inode")
		while read -r name value; do
			case $name in
			rtt | rttvar | minrtt | rto)
				jq -e --arg name "$name" --argjson want "$value" '(.[$name] * 1000 - $want) | fabs < 0.0011' <<<"$got" ||
					{ echo "$name $value: $got"; return 1; } ;;
			bytes_*) ;;
			reordering) ;; # ss leaves out the usual 3
			*) same "$inode $name $value" "$inode $name $(jq -r ".$name" <<<"$got")" ;;
			esac
			n=$((n + 1))
		done <<<"$info"
	done < <(told tcp-pair)
	[ "$n" -gt 80 ]
}

# One segment lost or sent again would be said by retrans; payload counts each byte once.
@test "rx and tx are the payload, to the byte" {
	same "123456	777" "$(rows tx,rx rport:6001)"
	same "777	123456" "$(rows tx,rx lport:6001)"
	same "1	0" "$(rows tx,rx rport:6002)"
	same "0	1" "$(rows tx,rx lport:6002)"
	same "0	0" "$(rows tx,rx port:6003 | sort -u)"
	same "4000	0" "$(rows tx,rx rport:6004)"
	same "0	4000" "$(rows tx,rx lport:6004)"
}

@test "rx and tx after a FIN either way" {
	same "0	0" "$(rows tx,rx lport:6006 state:fin-wait-2)"
	same "0	0" "$(rows tx,rx rport:6006 state:close-wait)"
	same "0	0" "$(rows tx,rx rport:6007 | sed 's/-/0/g')"
	run -0 --separate-stderr apart state close-wait 127.0.0.1:7 -- "$SOCKBOX" conns -H -F tsv -o tx,rx port:7 state:fin-wait-2,close-wait
	same "0	0" "$(sort -u <<<"$output")"
}

@test "what is not TCP has no TCP figures" {
	same "-	-	-	-" "$(rows rtt,cwnd,rx,tx lport:6009)"
	same "null" "$(conns -J -o rtt lport:6009 | jq -c .rtt)"
}

@test "procfs has no tcp_info, and says nothing wrong" {
	same "-	-" "$(rows rtt,rx --backend procfs lport:6001)"
}

@test "congestion control and options" {
	same "reno	reno" "$(rows cc port:6005 | paste -s)"
	other=$(cat /proc/sys/net/ipv4/tcp_congestion_control)
	same "$other" "$(rows cc rport:6001)"
	has "$(rows tcpopts rport:6001)" ts sack wscale:
}

@test "tos" {
	same "0x10" "$(rows tos rport:6005)"
	same "0x0" "$(rows tos rport:6001 | sed 's/^0$/0x0/')"
}

@test "buffers are those of ss -m" {
	for family in tcp udp; do
		while read -r inode memory; do
			IFS=, read -r r rb _ tb f w o bl d < <(sed -E 's/.*\(//; s/\).*//; s/([a-z]+)([0-9]+)/\2/g' <<<"$memory")
			got=$(rows rcvbuf,sndbuf,drops,mem "inode:$inode")
			same "$inode $rb $tb $d" "$inode $(cut -f 1-3 --output-delimiter=' ' <<<"$got")"
			[ "$(cut -f 4 <<<"$got")" -ge "$r" ] # what ss calls rmem is a part of it
			: "$f $w $o $bl"
		done < <(inside ss -HOnaem -A $family | sed -nE 's/.* ino:([1-9][0-9]*) .*skmem:(\([^)]*\)).*/\1 \2/p')
	done
	same "100000	120000" "$(rows rcvbuf,sndbuf lport:6008)"
	same "100000	120000" "$(rows rcvbuf,sndbuf lport:6009)"
	same "120000" "$(rows sndbuf -x path:@buf)"
}

@test "timers" {
	same "keepalive" "$(rows timer rport:6005)"
	timeout=$(conns -J -o timeout rport:6005 | jq .timeout)
	jq -ne --argjson timeout "$timeout" '$timeout > 6000 and $timeout <= 7200'
	same "off" "$(rows timer rport:6001)"
	same "on" "$(rows timer rport:6007)"
}

@test "retransmissions are counted" {
	[ "$(rows retrans rport:6007)" -ge 0 ]
	same 0 "$(rows retrans rport:6001)"
}

@test "-i and -m show these columns" {
	run -0 conns -F tsv -i rport:6001
	has "${lines[0]}" rtt cwnd mss rx tx
	run -0 conns -F tsv -m rport:6001
	has "${lines[0]}" rcvbuf sndbuf drops
}

# 20 kB each 50 ms. The machine may be busy, so the bounds are wide; that it is no count, and of the
# right side, is what matters.
@test "rates of a paced transfer, with and without -d" {
	run -0 --separate-stderr apart tcp-pair 127.0.0.1:8 pace 20000 -- "$SOCKBOX" conns -J -o lport,rport,rxrate,txrate -d 0.5 -c 2 port:8
	rates=$(jq -s '[.[] | select(.sample == 2)]' <<<"$output")
	jq -e 'length == 2' <<<"$rates"
	jq -e '.[] | select(.rport == 8) | .txrate > 40000 and .txrate < 600000 and .rxrate == 0' <<<"$rates"
	jq -e '.[] | select(.lport == 8) | .rxrate > 40000 and .rxrate < 600000 and .txrate == 0' <<<"$rates"
	run -0 --separate-stderr apart tcp-pair 127.0.0.1:8 pace 20000 -- "$SOCKBOX" conns -J -o rxrate lport:8
	jq -e '.rxrate > 40000' <<<"$output"
	same 1 "${#lines[@]}"
}
