#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Every system call that conns makes is failed once, each in a run of its own (strace -e inject), in a
# small world. Promised: it never dies by a signal, never hangs, and is never silent: where it ends
# with 0 and says nothing, its output is what it should have been.
#
# Calls that come often are failed at their first occurrences and the last one only. Left out is what
# libc needs before main() can run.

load lib.bash

# sweep COMMAND...: says what broke a promise; RUNS counts. Run inside of the world.
cat_sweep() {
	cat <<'END'
	limit=16
	dir=$1
	shift
	"$@" >"$dir/base" 2>/dev/null </dev/null || exit 99
	strace -qq -o "$dir/calls" "$@" >/dev/null 2>&1 </dev/null
	one() {
		id=$1.$2.$3
		timeout -k 1 5 strace -qq -o /dev/null -e inject="$1:error=$2:when=$3" "${@:4}" >"$dir/$id.out" 2>"$dir/$id.err" </dev/null
		rc=$?
		if [ $rc = 124 ] || [ $rc = 137 ]; then echo "hang: $id"
		elif [ $rc -ge 128 ] && [ $rc != 141 ]; then echo "crash: $id status $rc"
		elif [ $rc = 0 ] && [ ! -s "$dir/$id.err" ] && ! cmp -s "$dir/$id.out" "$dir/base"; then
			echo "silent: $id"
			diff "$dir/base" "$dir/$id.out" | cut -c1-500
		elif [ "$(wc -l <"$dir/$id.err")" -gt 3 ]; then echo "talkative: $id $(head -1 "$dir/$id.err")"
		fi
		echo x >>"$dir/runs"
		rm -f "$dir/$id.out" "$dir/$id.err"
	}
	export -f one
	export dir
	grep -oE '^[a-z0-9_]+' "$dir/calls" |
		grep -vE '^(execve|exit|exit_group|rt_sigreturn|arch_prctl|set_tid_address|set_robust_list|rseq)$' | sort | uniq -c |
		while read -r count call; do
			case $call in
			brk | mmap | mremap | munmap | mprotect) errors=ENOMEM ;;
			read | pread64 | getdents64) errors="EIO EINTR" ;;
			open | openat | socket | dup | fcntl) errors=EMFILE ;;
			write | writev) errors="ENOSPC EINTR EPIPE" ;;
			recvmsg | recvfrom | sendto | sendmsg | poll | ppoll) errors="EINTR ENOBUFS" ;;
			*) errors=EPERM ;;
			esac
			for error in $errors; do
				for ((i = 1; i <= count && i <= limit; i++)); do echo "$call $error $i"; done
				[ "$count" -le "$limit" ] || echo "$call $error $count"
			done
		done | xargs -P 2 -L 1 bash -c 'one "${@: -3}" "${@:1:$# - 3}"' _ "$@"
END
}

# The world: a PID namespace of its own too, so that there are few processes to read.
faults() {
	local dir=$BATS_TEST_TMPDIR
	cat_sweep >"$dir/sweep"
	run unshare -npf --mount-proc bash -c 'ip link set lo up
		coproc "$HELPER/mksock" tcp-listen 127.0.0.1:9501 tcp-pair [::1]:9502 udp 127.0.0.1:9503 unix-listen @fault 3>&-
		while read -r -u "${COPROC[0]}" line; do [[ $line == ready* ]] && break; done
		bash "$@"
		status=$?
		exec {COPROC[1]}>&-
		exit $status' _ "$dir/sweep" "$dir" "$SOCKBOX" "$@" 3>&-
	echo "$output"
	same 0 "$status"
	same "" "$output"
	[ "$(wc -l <"$dir/runs")" -gt 100 ]
}

setup() {
	needs_root
	command -v strace >/dev/null || skip "needs strace"
}

@test "sockets with owners" { faults conns; }

# Sockets without a name are left out: bash and strace ask a name service by one now and then.
@test "all columns of all families, sorted, as JSON" { faults conns -a -J -k local -o proto,state,local,remote,pid,comm,exe,cmdline,user,lservice,iface,cc,mss,rcvbuf not proto:netlink not '(' proto:unix path:none ')'; }

@test "without netlink" { faults conns --backend procfs -F tsv; }

@test "two samples" { faults conns -d 0.01 -c 2 -F value -o local; }
