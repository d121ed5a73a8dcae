#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What goes wrong around conns: outputs that fail, sources that are missing, too little of everything,
# namespaces, and processes that come and go. It ends in time, says what is missing in one line, and
# its exit status is not 0 when output was lost.

load lib.bash

setup_file() {
	publish
	world_start comm there tcp-listen 127.0.0.1:8001 tcp-pair 127.0.0.1:8002 udp 127.0.0.1:8003
}

teardown_file() {
	world_stop
	unpublish
}

setup() { needs_root; }

@test "a full disk: status 4, and words" {
	for args in "" "-J" "-F csv" "--help" "--schema" "-o help" "-d 0.05 -c 3"; do
		# shellcheck disable=SC2086,SC2016
		run -4 --separate-stderr inside bash -c '"$SOCKBOX" conns "$@" >/dev/full' _ $args
		one_line "$stderr"
		has "$stderr" "No space left"
	done
}

@test "a closed stdout: status 4 or 3, and words" {
	# shellcheck disable=SC2016
	run --separate-stderr inside bash -c '"$SOCKBOX" conns >&-'
	[ "$status" -eq 4 ] || [ "$status" -eq 3 ]
	one_line "$stderr"
}

@test "all three closed: no crash, no hang, not 0" {
	# shellcheck disable=SC2016
	run inside bash -c '"$SOCKBOX" conns <&- >&- 2>&-'
	[ "$status" -eq 4 ] || [ "$status" -eq 3 ]
}

@test "a reader that goes away: silent, by SIGPIPE or with 4" {
	# shellcheck disable=SC2016
	run --separate-stderr inside bash -c '"$SOCKBOX" conns -d 0.01 -c 500 --line-buffered | head -1 >/dev/null; exit ${PIPESTATUS[0]}'
	same "141 " "$status $stderr"
	# shellcheck disable=SC2016
	run --separate-stderr inside bash -c 'trap "" PIPE; "$SOCKBOX" conns -d 0.01 -c 500 --line-buffered | head -1 >/dev/null; exit ${PIPESTATUS[0]}'
	same "4 " "$status $stderr"
}

@test "a file that may not grow: status 4, no death by SIGXFSZ" {
	for trap in 'trap "" XFSZ' :; do
		run inside bash -c "$trap"'; ulimit -f 0; "$SOCKBOX" conns >"$1"' _ "$BATS_TEST_TMPDIR/file"
		same "$trap: 4" "$trap: $status"
	done
}

# without_proc COMMAND...: in the world, with an empty /proc.
without_proc() { inside unshare -m bash -c 'mount -t tmpfs none /proc && exec "$@"' _ "$@"; }

@test "no /proc: sockets without owners, said once" {
	run -0 --separate-stderr without_proc "$SOCKBOX" conns -H -F tsv
	one_line "$stderr"
	has "$stderr" /proc owner
	same "$(conns -H -F tsv -o local | wc -l)" "${#lines[@]}"
	same - "$(cut -f 5 <<<"$output" | sort -u)"
	run -5 --separate-stderr without_proc "$SOCKBOX" conns -o local,pid
	run -0 --separate-stderr without_proc "$SOCKBOX" conns -o local
	same "" "$stderr"
	run -0 --separate-stderr without_proc "$SOCKBOX" conns -d 0.05 -c 3
	one_line "$stderr"
}

@test "no netlink: /proc/net, with a word on -v" {
	wanted=$(rows proto,state,local,remote,inode,pid --backend procfs)
	run -0 --separate-stderr inside "$HELPER/deny" socket/netlink:EAFNOSUPPORT "$SOCKBOX" conns -H -F tsv -o proto,state,local,remote,inode,pid
	same "$wanted" "$(sort <<<"$output")"
	same "" "$stderr"
	run -0 --separate-stderr inside "$HELPER/deny" socket/netlink:EPERM "$SOCKBOX" conns -v
	has "$stderr" netlink procfs
}

@test "neither: status 3, and a line that names both or the first" {
	run --separate-stderr without_proc "$HELPER/deny" socket/netlink:EAFNOSUPPORT "$SOCKBOX" conns
	same "3 " "$status $output"
	has "$stderr" netlink procfs
	[ "$(wc -l <<<"$stderr")" -le 3 ]
	run --separate-stderr without_proc "$HELPER/deny" socket/netlink:EAFNOSUPPORT "$SOCKBOX" conns -q lport:8001
	same 3 "$status"
}

@test "a forced backend that is not there: status 3" {
	run -3 --separate-stderr inside "$HELPER/deny" socket/netlink:EAFNOSUPPORT "$SOCKBOX" conns --backend netlink
	has "$stderr" netlink
	run -3 --separate-stderr without_proc "$SOCKBOX" conns --backend procfs
	has "$stderr" proc
}

@test "calls that old kernels do not have" {
	for rule in bpf:EPERM statx:ENOSYS,openat2:ENOSYS prctl:EPERM capget:EPERM,prlimit64:EPERM setsockopt:EPERM \
		landlock_create_ruleset:ENOSYS seccomp:ENOSYS timerfd_create:ENOSYS,signalfd4:ENOSYS,epoll_create1:ENOSYS; do
		run -0 --separate-stderr inside "$HELPER/deny" $rule "$SOCKBOX" conns -H -F tsv -o local,pid
		same "$rule $(rows local,pid)" "$rule $(sort <<<"$output")"
	done
}

@test "not enough memory: a word and a status, never a signal" {
	for limit in 65536 8192 2048; do
		# shellcheck disable=SC2016
		run --separate-stderr inside bash -c 'ulimit -v "$1"; exec "$SOCKBOX" conns -k local' _ $limit
		[ "$status" -lt 128 ] || { same "" "$limit: $status $stderr"; return 1; }
		[ "$status" -eq 0 ] || [ -n "$stderr" ]
	done
	run -0 inside "$HELPER/deny" mremap:ENOMEM "$SOCKBOX" conns -k local
}

@test "few descriptors: the answer, or a word and a status" {
	wanted=$(rows local,pid)
	for limit in 4 5 6 8 16; do
		# shellcheck disable=SC2016
		run --separate-stderr inside bash -c 'ulimit -n "$1"; exec "$SOCKBOX" conns -H -F tsv -o local,pid' _ $limit
		[ "$status" -lt 128 ]
		if [ "$status" = 0 ]; then same "$limit $wanted" "$limit $(sort <<<"$output")"; else has "$stderr" conns:; fi
	done
	same 0 "$status" # 16 are enough
}

@test "a small stack and no new processes are enough" {
	# shellcheck disable=SC2016
	run -0 inside bash -c 'ulimit -s 64; exec "$SOCKBOX" conns -o all -k local' _
	# shellcheck disable=SC2016
	run -0 inside bash -c 'ulimit -u 0; exec "$SOCKBOX" conns'
}

@test "hidepid=2 as nobody" {
	run --separate-stderr inside unshare -m bash -c 'mount -t proc -o hidepid=2 proc /proc
		exec setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all "$PUBLIC/sockbox" conns -H -F tsv'
	same 0 "$status"
	same "$(rows local | wc -l)" "${#lines[@]}"
	one_line "$stderr"
	has "$stderr" owner
}

@test "subset=pid: /proc without net" {
	run -0 --separate-stderr inside unshare -m bash -c 'mount -t proc -o subset=pid proc /proc; exec "$SOCKBOX" conns -H -F tsv -o local,pid'
	same "$(rows local,pid)" "$(sort <<<"$output")"
}

@test "another PID namespace: sockets whose owners cannot be seen" {
	run --separate-stderr inside unshare -pf --mount-proc "$SOCKBOX" conns -H -F tsv
	same 0 "$status"
	same "$(rows local | wc -l)" "${#lines[@]}"
	run --separate-stderr inside unshare -pf "$SOCKBOX" conns -H -F tsv # the old /proc stays
	same 0 "$status"
	same "$(rows local | wc -l)" "${#lines[@]}"
}

@test "a user namespace" {
	run --separate-stderr inside setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Ur "$PUBLIC/sockbox" conns -H -F tsv
	[ "$status" != 1 ] || [ -n "$output" ] || skip "no user namespaces for users"
	same 0 "$status"
	same "$(rows local | wc -l)" "${#lines[@]}"
}

@test "no /sys, no /dev, no environment, odd environment" {
	for mount in /sys /dev; do
		run -0 inside unshare -m bash -c 'mount -t tmpfs none "$1" && exec "$SOCKBOX" conns -o +iface' _ $mount
	done
	for environment in "TERM=$(printf '\033[31m')" COLUMNS=1 COLUMNS=99999999999999999999 COLUMNS=-1 LC_ALL=xx_YY.no TZ=:../../etc/passwd SUDO_UID=-1; do
		run -0 inside env -i "$environment" "$SOCKBOX" conns -o +time --time local
		[ "${#lines[@]}" -gt 3 ]
	done
}

@test "argv[0] is empty, or not there" {
	run inside bash -c 'exec -a "" "$SOCKBOX" conns'
	[ "$status" -lt 128 ]
	run bash -c 'exec -a conns "$SOCKBOX" -q lport:1'
	same 1 "$status"
}

# Numbers come back after 100 processes: mixing two of them shows as a contradiction. A process that is ending has
# no arguments any more while it still has its descriptors.
@test "process churn: no row with the data of two processes" {
	cat >"$BATS_TEST_TMPDIR/run" <<-'END'
		ip link set lo up
		echo 400 2>/dev/null >/proc/sys/kernel/pid_max
		"$HELPER/churn" 3 1200 >/dev/null &
		while kill -0 $! 2>/dev/null; do
			"$SOCKBOX" conns -H -F tsv -o lport,pid,comm,cmdline,ppid lport:10000..59999 || { [ $? = 1 ] || exit 9; }
		done
	END
	run -0 --separate-stderr unshare -npf --mount-proc bash "$BATS_TEST_TMPDIR/run" 3>&-
	same "" "$stderr"
	owned=$(awk -F '\t' '$2 != "-"' <<<"$output")
	[ "$(wc -l <<<"$owned")" -gt 50 ]
	same "" "$(awk -F '\t' '$1 != 10000 + $2 || $3 != "c" $2 || ($4 != "c" $2 && $4 != "-")' <<<"$owned" | head)"
}

# A process of another network namespace vanishes at each step of reading it.
@test "a process that ends while it is read is no error" {
	run -0 apart comm stays tcp-listen 127.0.0.1:8100 -- bash -c '
		coproc unshare -n "$HELPER/mksock" unix-listen @bystander
		while read -r -u "${COPROC[0]}" line; do [[ $line == ready* ]] && break; done
		for error in ESRCH ENOENT; do
			for call in openat read readlinkat getdents64; do
				echo "$call $error"
				strace -qq -o "$1" -P "/proc/$COPROC_PID" -P "/proc/$COPROC_PID/fd" -P "/proc/$COPROC_PID/comm" \
					-e inject=$call:error=$error "$SOCKBOX" conns -H -F tsv -o local,comm 2>&1 || echo "status $?"
				grep -q INJECTED "$1" || echo "not met"
			done
		done
		kill $COPROC_PID' _ "$BATS_TEST_TMPDIR/trace"
	wanted=$(for error in ESRCH ENOENT; do
		for call in openat read readlinkat getdents64; do printf '%s %s\n127.0.0.1:8100\tstays\n' $call $error; done
	done)
	same "$wanted" "$output"
}
