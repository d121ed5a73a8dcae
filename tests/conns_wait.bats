#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Exit statuses, -q, --wait, and repeated samples. Nothing here measures time: a wait must end, and
# bounds are wide enough for a busy machine.

# shellcheck disable=SC2101,SC2102 # [::1] is an address, not a pattern
load lib.bash

setup_file() {
	world_start tcp-listen 127.0.0.1:7001 tcp-pair 127.0.0.1:7002
}

teardown_file() { world_stop; }

setup() { needs_root; }

@test "0 with rows, 1 without" {
	run -0 conns lport:7001
	run -1 --separate-stderr conns lport:7999
	same "" "$stderr"
	run -1 conns -J lport:7999
	same "" "$output"
}

@test "-q prints nothing" {
	run -0 conns -q lport:7001 state:listen
	same "" "$output"
	run -1 conns -q lport:7999
	same "" "$output"
	run -0 conns -q comm:mksock
	run -2 conns -q nosuch:1
}

@test "3 where nothing could be answered" {
	run -3 --separate-stderr conns --replay /nonexistent
	one_line "$stderr"
	has "$stderr" /nonexistent
}

@test "--wait returns at once for what is there" {
	run -0 timeout 5 nsenter --net="/proc/$WORLD/ns/net" -- "$SOCKBOX" conns -H -F value -o local --wait 60 lport:7001
	same "127.0.0.1:7001" "$output"
}

@test "--wait sees a listener that appears" {
	run -0 --separate-stderr apart sleep 1 -- bash -c '
		(sleep 0.3; exec "$HELPER/mksock" tcp-listen 127.0.0.1:5432 sleep 4000) >/dev/null </dev/null 3>&- &
		"$SOCKBOX" conns -F value -o local --wait 20 lport:5432 state:listen
		status=$?
		kill $!
		exit $status'
	same "127.0.0.1:5432" "$output"
	run -0 --separate-stderr apart sleep 1 -- bash -c '
		(sleep 0.3; exec "$HELPER/mksock" udp 127.0.0.1:5353 sleep 4000) >/dev/null </dev/null 3>&- &
		timeout 20 "$SOCKBOX" conns -q --wait forever lport:5353
		status=$?
		kill $!
		exit $status'
	same "" "$output"
}

@test "--wait sees what a filter on owners finds" {
	run -0 --separate-stderr apart sleep 1 -- bash -c '
		(sleep 0.3; exec "$HELPER/mksock" comm newcomer tcp-listen 127.0.0.1:5432 sleep 4000) >/dev/null </dev/null 3>&- &
		"$SOCKBOX" conns -H -F tsv -o local,comm --wait 20 comm:newcomer
		status=$?
		kill $!
		exit $status'
	same "127.0.0.1:5432	newcomer" "$output"
}

@test "--wait that runs out ends with 1" {
	run -1 conns --wait 0.3 lport:7999
	same "" "$(grep -v '^proto' <<<"$output")"
	run -1 conns -q --wait 300ms lport:7999
}

@test "--wait sees a socket that is closed, by its state" {
	run -1 conns -q --wait 0.2 state:close-wait
}

@test "-d and -c repeat in every format, with number and time" {
	run -0 conns -d 0.1 -c 3 -J -o local lport:7001
	same "1 2 3" "$(jq -r .sample <<<"$output" | paste -sd ' ')"
	same 3 "$(jq -r .time <<<"$output" | sort -u | wc -l)"
	for format in table tsv csv; do
		run -0 conns -d 0.1 -c 3 -F $format -o local lport:7001
		same "sample time" "$(tr ',\t' '  ' <<<"${lines[0],,}" | awk '{ print $1, $2 }')"
		same "$format 3" "$format $(grep -c 127.0.0.1:7001 <<<"$output")"
		same "$format 1" "$format $(grep -ci sample <<<"$output")"
		same "1 2 3" "$(tail -n +2 <<<"$output" | tr ',\t' '  ' | awk 'NF { print $1 }' | paste -sd ' ')"
	done
	run -0 conns -d 0.1 -c 3 -F kv -o local lport:7001
	same 3 "$(grep -c "sample='\?[123]'\? time='\?[^ ]*'\? local='\?127.0.0.1:7001" <<<"$output")"
	run -0 conns -d 0.1 -c 3 -F value -o local lport:7001
	has "$output" 127.0.0.1:7001
}

@test "samples keep their distance" {
	run -0 conns -d 0.1 -c 6 -J -o local --time epoch lport:7001
	jq -se '.[-1].time - .[0].time | . > 0.45 and . < 5' <<<"$output"
}

@test "a stream with no rows yet is no error" {
	run -0 conns -d 0.05 -c 2 lport:7999
}

@test "SIGTERM ends a stream cleanly, with what was there" {
	nsenter --net="/proc/$WORLD/ns/net" -- "$SOCKBOX" conns -d 0.05 -J -o local lport:7001 >"$BATS_TEST_TMPDIR/out" 3>&- &
	pid=$!
	for ((i = 0; i < 100; i++)); do
		[ -s "$BATS_TEST_TMPDIR/out" ] && break
		sleep 0.05
	done
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	same 143 "$status"
	jq -e . "$BATS_TEST_TMPDIR/out" >/dev/null
	same 1 "$(tail -c 1 "$BATS_TEST_TMPDIR/out" | wc -l)"
}

@test "a stream whose reader stalls is ended by a signal, silently" {
	dir=$BATS_TEST_TMPDIR
	mkfifo "$dir/fifo"
	sleep 60 <"$dir/fifo" 3>&- &
	reader=$!
	for signal in INT:130 HUP:129 TERM:143; do
		# An interactive shell would not have made it ignore SIGINT.
		env --default-signal=INT nsenter --net="/proc/$WORLD/ns/net" -- \
			"$SOCKBOX" conns -d 0.001 -a -J -o all >"$dir/fifo" 2>"$dir/err" 3>&- &
		pid=$!
		sleep 0.7
		kill "-${signal%:*}" "$pid"
		for ((i = 0; i < 100; i++)); do
			kill -0 "$pid" || break
			sleep 0.1
		done
		kill -KILL "$pid" || :
		status=0
		wait "$pid" || status=$?
		same "$signal" "${signal%:*}:$status"
		same "" "$(cat "$dir/err")"
	done
	kill "$reader"
}

@test "each sample is out before the next begins" {
	inside "$SOCKBOX" conns -d 0.2 -J -o local lport:7001 3>&- | head -1 >"$BATS_TEST_TMPDIR/first"
	jq -e '.sample == 1' "$BATS_TEST_TMPDIR/first"
	[ -s "$BATS_TEST_TMPDIR/first" ]
}
