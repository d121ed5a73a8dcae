#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Whose socket it is: owners against ss -p and against what the helper told, several owners of one
# socket, the process columns, and who may see what.

# shellcheck disable=SC2101,SC2102 # [::1] is an address, not a pattern
load lib.bash

setup_file() {
	publish
	cp "$HELPER/mksock" "$PUBLIC"
	world_start comm alone \
		tcp-listen 127.0.0.1:3001 tcp-pair [::1]:3002 udp 127.0.0.1:3003 dup dup fork 3 \
		tcp-listen 127.0.0.1:3004 state fin-wait-2 127.0.0.1:3005 unix-listen @own packet lo
}

teardown_file() {
	world_stop
	unpublish
}

setup() { needs_root; }

@test "owners are those of ss -p" {
	for families in tcp,udp packet; do
		wanted=$(ss_owners $families)
		[ -n "$wanted" ]
		same "$wanted" "$(rows inode,pid,fd 'pid:any' proto:$families)"
	done
}

@test "several owners of a socket give a row each, and owners counts them" {
	got=$(rows pid,fd,owners lport:3001)
	same 4 "$(wc -l <<<"$got")"
	same 4 "$(cut -f 3 <<<"$got" | sort -u)"
	same "$( (echo "$WORLD"; awk '$1 == "worker" { print $2 }' "$MADE") | sort)" "$(cut -f 1 <<<"$got" | sort)"
	same "$WORLD	1" "$(rows pid,owners lport:3004)"
}

@test "the lowest descriptor of a socket held twice is shown, in one row a process" {
	wanted=$(awk '$2 == "udp" { print $3 }' "$MADE")
	same "$wanted" "$(rows fd lport:3003 | sort -u)"
	same 4 "$(rows pid,fd lport:3003 | wc -l)"
}

@test "without an owner column there is one row a socket" {
	same 1 "$(rows local lport:3001 | wc -l)"
	same 1 "$(rows local,owners lport:3001 | sort -u | wc -l)"
}

@test "an owner filter finds rows when no owner column is shown" {
	same "127.0.0.1:3004" "$(rows local pid:"$WORLD" lport:3004)"
	same "" "$(rows local pid:1 lport:3004)"
}

@test "process columns are those of /proc" {
	got=$(rows pid,ppid,comm,exe,cmdline lport:3004)
	want=$(printf '%s\t%s\t%s\t%s\t%s' "$WORLD" "$(awk '/^PPid/ { print $2 }' "/proc/$WORLD/status")" "$(cat "/proc/$WORLD/comm")" \
		"$(readlink "/proc/$WORLD/exe")" "$(tr '\0' ' ' <"/proc/$WORLD/cmdline" | sed 's/ $//')")
	same "$want" "$got"
}

@test "cgroup is that of /proc" {
	same "$(awk -F : '$1 == 0 { v2 = $3 } length($3) > length(v1) { v1 = $3 } END { print v2 ? v2 : v1 }' "/proc/$WORLD/cgroup")" "$(rows cgroup lport:3004)"
}

@test "started and age agree with the clock" {
	run -0 conns -J -o started,age,time --time epoch lport:3004
	# The start of a process is known to 10 ms.
	jq -e '(.started + .age - .time) as $off | $off > -0.05 and $off < 0.05' <<<"$output"
	boot=$(awk '/^btime/ { print $2 }' /proc/stat)
	ticks=$(sed 's/.*) //' "/proc/$WORLD/stat" | cut -d ' ' -f 20)
	jq -e --argjson want "$((boot + ticks / 100))" '.started - $want > -1.5 and .started - $want < 2.5' <<<"$output"
}

@test "ancestors are the parents' names, nearest first" {
	parent=$(awk '/^PPid/ { print $2 }' "/proc/$WORLD/status")
	got=$(rows ancestors lport:3004)
	same "$(cat "/proc/$parent/comm")" "${got%%,*}"
	worker=$(awk '$1 == "worker" { print $2; exit }' "$MADE")
	got=$(rows ancestors lport:3001 pid:"$worker")
	same alone "${got%%,*}"
}

@test "a process column alone makes owners known" {
	for column in comm exe cmdline ppid started cgroup; do
		[ "$(rows $column lport:3004)" != - ]
	done
}

@test "quality and via say where it comes from" {
	same "exact	netlink+procfs" "$(rows quality,via lport:3004)"
	same "exact	procfs" "$(rows quality,via lport:3004 --backend procfs | sed 's/procfs+procfs/procfs/')"
	same "netlink" "$(rows via,local lport:3004 | cut -f 1)"
}

@test "without owner columns /proc/PID is not touched" {
	inside strace -qq -e trace=openat,open,readlinkat,getdents64 -o "$BATS_TEST_TMPDIR/trace" "$SOCKBOX" conns -o proto,local,remote >/dev/null
	grep -nE '"/?(proc/)?[0-9]+(/|")' "$BATS_TEST_TMPDIR/trace" && return 1
	grep -nE 'getdents64' "$BATS_TEST_TMPDIR/trace" && return 1
	return 0
}

@test "a filter that no socket passes looks for no owner" {
	inside strace -qq -e trace=getdents64,readlinkat -o "$BATS_TEST_TMPDIR/trace" "$SOCKBOX" conns lport:9 || [ $? = 1 ]
	[ ! -s "$BATS_TEST_TMPDIR/trace" ]
}

as_nobody() { inside setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all -- "$PUBLIC/sockbox" conns "$@"; }

@test "nobody sees all sockets, and is told of the owners that are missing" {
	run --separate-stderr as_nobody -H -F tsv
	same 0 "$status"
	same "$(rows local | wc -l)" "$(wc -l <<<"$output")"
	one_line "$stderr"
	has "$stderr" "without owner" CAP_SYS_PTRACE
	same "-" "$(cut -f 5 <<<"$output" | sort -u)"
}

@test "nobody who names an owner column gets status 5" {
	run -5 --separate-stderr as_nobody -o local,pid
	one_line "$stderr"
	run -5 --separate-stderr as_nobody -o +exe
	run -0 --separate-stderr as_nobody -o local,pid --partial-ok
	run -0 --separate-stderr as_nobody -o local,uid
	same "" "$stderr"
}

@test "an owner that is hidden is not 'nobody', and is not found by a filter either" {
	same "-	-	hidden" "$(as_nobody -H -F tsv -o pid,owners,quality lport:3004 2>/dev/null)"
	run --separate-stderr as_nobody -H -o local comm:alone
	same "" "$output"
	[ "$status" -eq 3 ] || [ "$status" -eq 5 ]
	has "$stderr" "without owner"
}

@test "nobody sees the owners of nobody's sockets" {
	coproc nsenter --net="/proc/$WORLD/ns/net" -- setpriv --reuid 65534 --regid 65534 --clear-groups -- "$PUBLIC/mksock" comm mine tcp-listen 127.0.0.1:3100 3>&-
	while read -r -u "${COPROC[0]}" line; do [[ $line == ready* ]] && break; done
	run -0 --separate-stderr as_nobody -H -F tsv -o comm,quality lport:3100
	kill "$COPROC_PID"
	same "mine	exact" "$output"
	same "" "$stderr"
}
