#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Names chosen by an enemy, in every place from which conns shows a text: comm, arguments, program
# file, control group, interface, UNIX path. What leaves must be printable, one line a row, strict
# JSON, and the raw name must come back from JSON unharmed.

load lib.bash

setup() {
	needs_root
	export out=$BATS_TEST_TMPDIR/out
}

# Names as mksock takes them; at most 15 bytes, so that they fit a comm.
names=(
	'\e]0;x\x07'                   # sets a terminal's title
	'a) R 1 (b'                    # a stat line with another pid
	'a\nb\n'                       # more lines
	'\xc2\x9b31m'                  # C1: control sequence introducer
	'\xe2\x80\xaegnp.exe'          # U+202E
	'\xff\xfe\x80'                 # no UTF-8
	'a\xcc\x81\xe2\x80\x8bb'       # combining, zero width
	"'\"\`\$(id);&|"               # quotes
	'=1+1'                         # a spreadsheet's formula
	'-'                            # looks unknown
	'a\x09b\\\\n\x0dc'             # the escapes themselves
	'\xf0\x9f\x92\xa9\xe4\xb8\xad' # wide
	' '                            # blank
	'\x7f\x1b[2J'                  # DEL, clear the screen
	'{"a":1},'                     # JSON
	'\xed\xa0\x80\xc0\xaf'         # surrogate, overlong
)

raw() { printf '%b' "$1"; }

# Rows in every format: so many, each printable; JSON gives back the name. VALUE is the raw bytes' file.
check_formats() {
	local column=$1 count=$2 format
	shift 2
	for format in table tsv csv kv; do
		"$SOCKBOX" conns -H -F "$format" -o "local,$column,state" "$@" >"$out"
		printable "$out" || { echo "format $format"; return 1; }
		same "$format $count" "$format $(wc -l <"$out")"
	done
	"$SOCKBOX" conns -H -F value -o "$column" "$@" >"$out"
	printable "$out" || { echo "format value"; return 1; }
	same "value $count" "value $(wc -l <"$out")"
	"$SOCKBOX" conns -J -o "local,$column,state" "$@" >"$out"
	printable "$out" || { echo "format jsonl"; return 1; }
	same "jsonl $count" "jsonl $(wc -l <"$out")"
	jq -e . "$out" >/dev/null
	python_strict "$out"
}

# A second opinion, where there is one: jq takes a little more than RFC 8259 does.
python_strict() {
	command -v python3 >/dev/null || return 0
	python3 -c 'import json, sys
for line in open(sys.argv[1], "rb"):
	json.loads(line.decode("utf-8", "strict"))' "$1"
}

# The column's bytes, from JSON.
from_json() {
	"$SOCKBOX" conns -J -o "$1" "${@:2}" |
		jq -rj --arg c "$1" 'if has($c + "_b64") then .[$c + "_b64"] else .[$c] | @base64 end' | base64 -d
}
export -f check_formats printable same from_json python_strict

# many WORD PREFIX COMMAND: COMMAND in a world with a mksock for each name, which is given as operand of WORD with
# PREFIX before it, and a listener on port 9000, 9001... WANTED is a directory with the raw names by port.
many() {
	local words=("$1" "$2") i
	export WANTED=$BATS_TEST_TMPDIR/wanted
	mkdir -p "$WANTED"
	for i in "${!names[@]}"; do
		# bash's %b decodes as mksock does, but for \e
		raw "$2${names[i]//\\e/\\033}" >"$WANTED/$((9000 + i))"
	done
	unshare -npf --mount-proc bash -c 'ip link set lo up
		word=$1 prefix=$2 command=$3
		shift 3
		port=9000
		for name; do
			"$HELPER/mksock" "$word" "$prefix$name" tcp-listen 127.0.0.1:$port sleep 60000 </dev/null >>"$out.made" 3>&- &
			port=$((port + 1))
		done
		for i in {1..100}; do
			[ "$(ss -tlnH | wc -l)" = $# ] && break
			sleep 0.05
		done
		set -e
		eval "$command"' _ "${words[@]}" "$3" "${names[@]}" 3>&-
}

# The names in JSON, by port, are the raw ones, of which the kernel keeps the first $2 bytes.
come_back() {
	"$SOCKBOX" conns -J -o "lport,$1" -k lport lport:9000.. >"$out.json"
	for file in "$WANTED"/*; do
		same "${file##*/} $(head -c "$2" "$file" | base64 -w 0)" "${file##*/} $(
			jq -rj --arg c "$1" --arg port "${file##*/}" 'select(.lport == ($port | tonumber)) |
				if has($c + "_b64") then .[$c + "_b64"] else .[$c] | @base64 end' "$out.json")"
	done
}
export -f come_back

@test "comm" {
	many comm "" 'check_formats comm 16 lport:9000..; come_back comm 15'
}

@test "arguments" {
	many argv "" 'check_formats cmdline 16 lport:9000..'
}

@test "abstract UNIX name" {
	many unix-listen @z 'check_formats path 16 -x
		"$SOCKBOX" conns -J -o path -x >"$out.json"
		jq -r "if has(\"path_b64\") then .path_b64 else .path | @base64 end" "$out.json" | sort >"$out.got"
		for file in "$WANTED"/*; do base64 -w 0 "$file"; echo; done | sort >"$out.wanted"
		diff "$out.wanted" "$out.got"'
}

@test "program file" {
	for name in "$(printf 'a\033]0;x\007b')" "$(printf 'a\nb (deleted)')" "$(printf 'x\342\200\256y\377')" 'a b) S 1'; do
		mkdir -p "$BATS_TEST_TMPDIR/d"
		cp "$HELPER/mksock" "$BATS_TEST_TMPDIR/d/$name"
		export name out
		HELPERFILE=$BATS_TEST_TMPDIR/d/$name unshare -npf --mount-proc bash -c '
			ip link set lo up
			coproc "$HELPERFILE" tcp-listen 127.0.0.1:9003 3>&-
			while read -r -u "${COPROC[0]}" line; do [[ $line == ready* ]] && break; done
			set -e
			check_formats exe 1 lport:9003
			check_formats comm 1 lport:9003
			same "$HELPERFILE" "$(from_json exe lport:9003)"
			rm "$HELPERFILE"
			same "$HELPERFILE" "$(from_json exe lport:9003)"' 3>&-
	done
}

@test "control group" {
	mkdir -p "$BATS_TEST_TMPDIR/cg"
	run unshare -m mount -t cgroup2 none "$BATS_TEST_TMPDIR/cg"
	[ "$status" = 0 ] || skip "cannot mount cgroup2"
	name=$(printf 'sockbox-test-%d-\033]0;x\007\342\200\256\377' $$)
	export name out BATS_TEST_TMPDIR
	unshare -npf --mount-proc bash -c '
		mount -t cgroup2 none "$BATS_TEST_TMPDIR/cg"
		cd "$BATS_TEST_TMPDIR/cg"
		mkdir "$name" || exit 77
		ip link set lo up
		# A child, so that this shell can remove the group afterwards.
		bash -c "echo \$\$ >\"\$name/cgroup.procs\"; exec \"\$HELPER/mksock\" tcp-listen 127.0.0.1:9004 sleep 3000" </dev/null >/dev/null 3>&- &
		for i in {1..100}; do ss -tlnH | grep -q 9004 && break; sleep 0.02; done
		(set -e
		check_formats cgroup 1 lport:9004
		same "/$name" "$(from_json cgroup lport:9004)")
		status=$?
		kill $!
		wait $!
		for i in {1..50}; do rmdir "$name" 2>/dev/null && break; sleep 0.02; done
		exit $status' || status=$?
	[ "${status:-0}" != 77 ] || skip "cannot make a control group"
	[ "${status:-0}" = 0 ]
}

@test "interface" {
	for name in "$(printf '\033]0;x\007')" "$(printf 'a\342\200\256b')" "$(printf 'e\377h')" "e'\"=1"; do
		export name out
		unshare -npf --mount-proc bash -c '
			ip link set lo up
			ip link add v0 type veth peer name v1
			ip link set v0 name "$name" 2>/dev/null || exit 77
			ip -6 addr add fe80::7/64 dev "$name" nodad
			ip link set "$name" up; ip link set v1 up
			coproc "$HELPER/mksock" dev "$name" tcp-listen "[fe80::7%$name]:9005" 3>&-
			while read -r -u "${COPROC[0]}" line; do [[ $line == ready* ]] && break; done
			[[ $line == ready* ]] || exit 99
			set -e
			check_formats iface 1 lport:9005
			check_formats local 1 lport:9005
			same "$name" "$(from_json iface lport:9005)"' 3>&- || { [ $? = 77 ] || return 1; }
	done
}

@test "a UNIX path that forges a row of /proc/net/unix" {
	dir=$BATS_TEST_TMPDIR
	export dir out
	forged='0000000000000000: 00000002 00000000 00010000 0001 01 1 /forged'
	mkdir -p "$dir/a"$'\n'"${forged%/forged}"
	(cd "$dir" && apart unix-listen 'a\n'"$forged" unix-listen @real -- bash -c '
		set -e
		check_formats path 2 -x
		same "" "$("$SOCKBOX" conns -H -F tsv -o path -x path=/forged || [ $? = 1 ])"
		has() { [[ $1 == *"$2"* ]]; }
		has "$("$SOCKBOX" conns -H -F tsv -o path -x)" "a\\n0000000000000000: "
		# The text file cannot tell, but it must not break anything either.
		"$SOCKBOX" conns -H -F tsv -o path -x --backend procfs >"$out"
		printable "$out"
		grep -q @real "$out"')
}

@test "63 bytes of comm, brackets and a forged stat" {
	apart comm 'x) R 1 1 1 0' tcp-listen 127.0.0.1:9006 -- bash -c '
		set -e
		same "x) R 1 1 1 0	$MKSOCK" "$("$SOCKBOX" conns -H -F tsv -o comm,pid lport:9006)"
		same "$(awk "/^PPid/ { print \$2 }" /proc/$MKSOCK/status)" "$("$SOCKBOX" conns -H -F tsv -o ppid lport:9006)"'
}

@test "a process that changes its name all the time" {
	apart flicker 1 tcp-listen 127.0.0.1:9007 -- bash -c '
		set -e
		for i in {1..20}; do "$SOCKBOX" conns -H -o comm,local lport:9007; done >"$out"
		printable "$out"
		same 20 "$(wc -l <"$out")"'
}

@test "a message about a hostile filter word is printable too" {
	run -2 --separate-stderr "$SOCKBOX" conns "$(printf 'prt:\033]0;x\007\377')"
	printf '%s\n' "$stderr" >"$out"
	printable "$out"
	run -2 --separate-stderr "$SOCKBOX" conns -o "$(printf '\033[2J\342\200\256')"
	printf '%s\n' "$stderr" >"$out"
	printable "$out"
	run --separate-stderr "$SOCKBOX" conns --replay "$(printf '/no\033]0;x\007')"
	printf '%s\n' "$stderr" >"$out"
	printable "$out"
}
