#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Formats on real rows, the texts about columns, and wrong usage: what is said, and the exit status.

# shellcheck disable=SC2101,SC2102 # [::1] is an address, not a pattern
load lib.bash

setup_file() {
	world_start comm "t\x09b 'q' \\\\" \
		tcp-listen 127.0.0.1:4001 tcp-pair [::1]:4002 bytes 5000 udp 127.0.0.1:4003 \
		state time-wait 127.0.0.1:4004 unix-listen '@a\nb\xff,"c"' unix-dgram @-
}

teardown_file() { world_stop; }

setup() { needs_root; }

@test "the default columns" {
	run -0 conns -F tsv
	same "proto	state	local	remote	pid	comm" "${lines[0]}"
	run -0 conns
	[[ ${lines[0],,} =~ ^proto\ +state\ +local\ +remote\ +pid\ +comm$ ]]
	same 6 "${#lines[@]}"
}

@test "-i, -m and -e add columns" {
	for letter in i:rtt i:cwnd m:rcvbuf m:drops e:inode e:cookie; do
		run -0 conns -F tsv -"${letter%:*}"
		has "	${lines[0]}	" "	pid	comm	" "	${letter#*:}	"
	done
	run -0 conns -F tsv -ime
	same "$(tr '\t' '\n' <<<"${lines[0]}" | sort)" "$(tr '\t' '\n' <<<"${lines[0]}" | sort -u)"
}

@test "-n, -p and other habits of ss change nothing" {
	same "$(conns -F tsv | sort)" "$(conns -F tsv -np | sort)"
	run -0 conns -tuanp
	run -0 conns -tln
}

@test "-o with + and - changes the default" {
	run -0 conns -F tsv -o +inode,-pid
	same "proto	state	local	remote	comm	inode" "${lines[0]}"
	run -0 conns -F tsv -o local,proto
	same "local	proto" "${lines[0]}"
}

@test "-H leaves out the header in every format that has one" {
	for format in table tsv csv; do
		same $(($(conns -F $format | wc -l) - 1)) "$(conns -H -F $format | wc -l)"
	done
}

# Every column of every row: what jsonl says, said by tsv too. Numbers are equal as numbers.
@test "JSON is strict, and says what TSV says" {
	conns -a -o all -J >"$BATS_TEST_TMPDIR/json" 2>/dev/null
	conns -a -o all -F tsv >"$BATS_TEST_TMPDIR/tsv" 2>/dev/null
	jq -e . "$BATS_TEST_TMPDIR/json" >/dev/null
	iconv -f UTF-8 -t UTF-8 "$BATS_TEST_TMPDIR/json" >/dev/null
	same "$(head -1 "$BATS_TEST_TMPDIR/tsv" | tr '\t' '\n')" "$(head -1 "$BATS_TEST_TMPDIR/json" | jq -r 'keys_unsorted[] | select(endswith("_b64") | not)')"
	# Columns that do not change between two runs, and texts without bytes that JSON cannot hold.
	for columns in proto,state,local,remote,lport,laddr,inode,cookie,uid,pid,family; do
		same "$(conns -H -F tsv -o $columns | sort)" \
			"$(conns -J -o $columns | jq -r '[.[] | if . == null then "-" else tostring end] | join("\t")' | sort)"
	done
}

@test "an unknown value is null, '-', or empty" {
	same '{"pid":null,"comm":null}' "$(conns -J -o pid,comm state:time-wait)"
	same "-	-" "$(rows pid,comm state:time-wait)"
	same "," "$(conns -H -F csv -o pid,comm state:time-wait)"
	has "$(conns -F kv -o pid,comm state:time-wait)" "pid='" "comm='"
}

@test "bytes that are not UTF-8 have a sibling with all of them" {
	run -0 conns -J -x -o path path:@a
	jq -e '.path == "@a\nb\ufffd,\"c\"" and (.path_b64 | @base64d | length) > 0' <<<"$output"
	same "$(printf '@a\nb\xff,"c"' | base64)" "$(jq -r .path_b64 <<<"$output")"
}

@test "TSV escapes tabs, newlines and backslashes, and a lone dash" {
	same "t\\tb 'q' \\\\" "$(rows comm lport:4001)"
	same '@a\nb\xff,"c"' "$(rows path -x path:@a)"
}

@test "CSV is RFC 4180, and no formula" {
	same '"@a\x0ab\xff,""c"""' "$(conns -H -F csv -o path -x path:@a)"
	same '"@-"' "$(conns -H -F csv -o path -x path:@-)"
}

@test "kv is safe for eval" {
	conns -F kv -o proto,local,comm,pid lport:4001 >"$BATS_TEST_TMPDIR/kv"
	eval "$(cat "$BATS_TEST_TMPDIR/kv")"
	# shellcheck disable=SC2154
	same "tcp 127.0.0.1:4001 $WORLD" "$proto $local $pid"
	# shellcheck disable=SC2154
	has "$comm" "b 'q' "
}

@test "value is one bare column" {
	same "$WORLD" "$(conns -F value -o pid lport:4001)"
	run -2 --separate-stderr conns -F value
	one_line "$stderr"
}

@test "--print0 ends records with NUL" {
	same "$(conns -H -F tsv -o local | sort)" "$(conns -H -F tsv -o local --print0 | tr '\0' '\n' | sort)"
	same 0 "$(conns -H -F tsv -o local --print0 | tr -cd '\n' | wc -c)"
	same 1 "$(conns -F value -o local --print0 lport:4001 | tr -cd '\0' | wc -c)"
	same 0 "$(conns -F value -o local --print0 lport:4001 | wc -l)"
}

@test "a table that is no terminal is never cut" {
	path=$(printf 'x%.0s' {1..90})
	run -0 apart unix-listen "@$path" -- env COLUMNS=20 "$SOCKBOX" conns -x -o path
	has "$output" "@$path"
}

@test "--time in every way" {
	now=$(date +%s)
	run -0 conns -F value -o time --time epoch lport:4001
	[ "$((${output%.*} - now))" -le 2 ]
	run -0 conns -F value -o time --time rfc3339 lport:4001
	[[ $output =~ ^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?Z$ ]]
	run -0 conns -F value -o time --time local lport:4001
	[[ $output =~ ^20[0-9]{2}-[0-9]{2}-[0-9]{2} ]]
	run -0 conns -F value -o started --time relative lport:4001
	run -2 conns --time noon
}

@test "--schema is JSON and covers every column" {
	"$SOCKBOX" conns --schema >"$BATS_TEST_TMPDIR/schema"
	jq -e '."$schema" and .properties' "$BATS_TEST_TMPDIR/schema" >/dev/null
	keys=$(conns -o all -J lport:4001 2>/dev/null | head -1 | jq -r 'keys[]')
	[ "$(wc -l <<<"$keys")" -gt 50 ]
	while read -r key; do
		jq -e --arg key "$key" '.properties[$key].description' "$BATS_TEST_TMPDIR/schema" >/dev/null ||
			{ echo "not in the schema: $key"; return 1; }
	done <<<"$keys"
	jq -e '.properties | .rtt.unit // .rtt["x-unit"] // (.rtt | tostring | test("\"s\""))' "$BATS_TEST_TMPDIR/schema"
}

@test "rows keep to the types of the schema" {
	"$SOCKBOX" conns --schema | jq -c '.properties | map_values(.type | if type == "array" then . else [.] end)' >"$BATS_TEST_TMPDIR/types"
	conns -a -o all -J >"$BATS_TEST_TMPDIR/rows" 2>/dev/null
	[ "$(wc -l <"$BATS_TEST_TMPDIR/rows")" -gt 5 ]
	jq -e --slurpfile types "$BATS_TEST_TMPDIR/types" '
		to_entries | map(select(.key | endswith("_b64") | not) |
			(.value | type) as $is |
			select([$types[0][.key][]? | if . == "integer" then "number" else . end] | index($is) | not)) |
		if length == 0 then true else error(tostring) end' "$BATS_TEST_TMPDIR/rows" >/dev/null
}

@test "-o help lists every column once, 80 wide" {
	run -0 "$SOCKBOX" conns -o help
	help=$output
	for line in "${lines[@]}"; do
		[ "${#line}" -le 80 ] || { echo "$line"; return 1; }
	done
	for key in $("$SOCKBOX" conns --schema | jq -r '.properties | keys[] | select(endswith("_b64") | not)'); do
		same "$key 1" "$key $(grep -cE "^ *$key " <<<"$help")"
	done
}

@test "--help and -h, with examples that work" {
	run -0 "$SOCKBOX" conns --help
	has "$output" --columns --wait conns
	same "$output" "$("$SOCKBOX" conns -h)"
	for line in "${lines[@]}"; do
		[ "${#line}" -le 80 ] || { echo "$line"; return 1; }
	done
}

@test "--stats is one JSON line on stderr" {
	run -0 --separate-stderr conns --stats -J
	jq -e --argjson rows "${#lines[@]}" '.rows == $rows' <<<"$stderr"
	has "$(jq -c . <<<"$stderr")" netlink
}

@test "-v says which backend answered" {
	run -0 --separate-stderr conns -v lport:4001
	has "$stderr" netlink procfs
	run -0 --separate-stderr conns -v --backend procfs lport:4001
	has "$stderr" procfs
	[ "${#lines[@]}" = 2 ]
}

# usage WORDS IN STDERR -- ARGS: refused with status 2, nothing printed, these words said, and a caret where asked.
refused() {
	local parts=()
	while [ "$1" != -- ]; do
		parts+=("$1")
		shift
	done
	shift
	run -2 --separate-stderr "$SOCKBOX" conns "$@"
	same "" "$output"
	has "$stderr" conns: "${parts[@]}"
}

caret() { [[ $stderr =~ $'\n'\ *\^ ]] || { echo "$stderr"; return 1; }; }

@test "an unknown column is named, with the nearest one and a caret" {
	refused "unknown column 'prot'" "did you mean" proto -- -o prot
	refused "unknown column 'remoet'" remote -- -o local,remoet
	caret
	spaces=$(grep -n '\^' <<<"$stderr" | tail -1)
	[ -n "$spaces" ]
	refused "prot" "proto" -- -k -prot
	refused "lprot" "lport" -- lprot:22
	refused "stat" "state" -- -Y 'stat=listen'
}

@test "unknown options, formats, backends and values" {
	refused colums columns -- --colums local
	refused jsnl jsonl -- -F jsnl
	refused nonsense netlink procfs -- --backend nonsense
	refused "" -- -d
	refused "" -- -d x
	refused "-d" -- -c 3
	refused listne listen -- state:listne
	refused "" -- rtt:50
	refused "" -- laddr:300.1.1.1
	refused "" -- lport:70000..x
	refused "" -- -Y '(proto:tcp'
	refused "" -- -Y 'proto:tcp or'
	refused "" -- not
	refused "" -- 'comm~('
}

@test "idioms of ss are answered with their translation" {
	refused "state:established" -- state established
	refused "lport" -- sport = :22
	refused "rport" -- dport = :443
	refused "port:443" -- 443
	refused "" -- -o
	refused "" -- state established '( sport = :22 )'
}

@test "a bare address finds either end" {
	same "$(conns -H -F tsv 'laddr:::1' | wc -l)" "$(conns -H -F tsv ::1 | wc -l)"
	run -0 conns -H -F tsv 127.0.0.1:4001
	same 1 "${#lines[@]}"
	run -0 conns -H -F tsv -o lport '[::1]:4002'
	same 2 "${#lines[@]}"
}

@test "a bare word is looked for in proto, state, addresses and comm" {
	same "$(rows local state:listen)" "$(rows local listen)"
	same "$(rows local -x)" "$(rows local unix)"
	same "$(rows local proto:udp)" "$(rows local udp)"
	run -1 conns nosuchwordanywhere
}

@test "an unambiguous beginning of a long option will do, and options and words mix" {
	same "$(conns -H -F tsv -o local lport:4001)" "$(conns --no-h lport:4001 --form tsv --colu local)"
	run -2 conns --co local # columns, color, count
}

@test "ss's -o among its other letters is answered with the translation" {
	for words in -o -to -ton "-o -t" "-tao"; do
		run -2 --separate-stderr conns $words
		has "$stderr" "+timer,timeout"
	done
	run -2 --separate-stderr conns -Z -to
	[[ $stderr != *timer* ]]
}

@test "--wait and -d exclude each other, and a backend has a nearest name" {
	run -2 --separate-stderr conns --wait 1 -d 1
	has "$stderr" "choose one"
	run -2 --separate-stderr conns --backend netlnk
	has "$stderr" "did you mean 'netlink'?"
}
