# SPDX-License-Identifier: MIT
#
# What the functional tests share: a world (a network namespace of its own in which mksock holds
# exactly the sockets that a test asks for), conns inside of it, and ss as oracle.
#
# A world is made once a file, because that takes longer than most tests, and is never changed by
# them; what a test adds, it adds in a namespace of its own (apart). Nothing touches the host's.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export SOCKBOX=${SOCKBOX:-$ROOT/out/sockbox} HELPER=${HELPER:-$ROOT/out/helper} LC_ALL=C TZ=UTC0
bats_require_minimum_version 1.5.0

needs_root() {
	[ "$(id -u)" = 0 ] || skip "makes network namespaces: needs root"
}

# Commands at the start of a namespace: loopback, a veth pair with an address that does not answer
# (10.9.0.2, fe80::99: frames go to a MAC that nobody has), ping sockets for root.
world_network='ip link set lo up
	echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
	ip link add v0 type veth peer name v1
	ip addr add 10.9.0.1/24 dev v0
	ip -6 addr add fe80::9/64 dev v0
	ip link set v0 up
	ip link set v1 up
	ip neigh replace 10.9.0.2 lladdr 02:00:00:00:00:99 dev v0
	ip -6 neigh replace fe80::99 lladdr 02:00:00:00:00:99 dev v0
	echo "0 0" >/proc/sys/net/ipv4/ping_group_range'

# world_start WORDS...: a namespace with these sockets. WORLD is the pid of mksock, MADE the file with what
# it told ("socket WHAT FD INODE COOKIE").
world_start() {
	local dir=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR} i
	[ "$(id -u)" = 0 ] || return 0
	export MADE=$dir/made
	mkfifo "$dir/stdin"
	: >"$MADE"
	(cd "$dir" && exec unshare -n bash -c "$world_network"'; exec "$HELPER/mksock" "$@"' _ "$@") \
		<>"$dir/stdin" >"$MADE" 2>"$dir/mksock.err" 3>&- &
	export WORLD=$!
	for ((i = 0; i < 100; i++)); do
		grep -q '^ready' "$MADE" && return 0
		kill -0 "$WORLD" 2>/dev/null || break
		sleep 0.05
	done
	cat "$dir/mksock.err" >&2
	return 1
}

world_stop() {
	[ -z "${WORLD:-}" ] || kill "$WORLD" 2>/dev/null || :
	unset WORLD
}

# Something inside the world's namespace (only the network: /proc and /sys are the host's).
inside() { nsenter --net="/proc/$WORLD/ns/net" -- "$@"; }

conns() { inside "$SOCKBOX" conns "$@"; }

# publish: a copy of the binary where everybody may run it (a checkout below /root cannot be reached); unpublish removes it.
publish() {
	PUBLIC=$(mktemp -d /tmp/sockbox-test.XXXXXX)
	chmod 755 "$PUBLIC"
	cp "$SOCKBOX" "$PUBLIC/sockbox"
	chmod 755 "$PUBLIC/sockbox"
	export PUBLIC
}

unpublish() { rm -rf "${PUBLIC:?}"; }

# nobody COMMAND...: with uid 65534 and no capability.
nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all -- "$@"; }

# rows COLUMNS WORDS...: TSV without header, sorted.
rows() {
	local columns=$1
	shift
	conns -H -F tsv -o "$columns" "$@" | sort
}

# apart WORDS -- COMMAND...: COMMAND in new namespaces (of network and processes, so that there is little to read) in
# which mksock holds the sockets of WORDS. MKSOCK is its pid, TOLD what it told.
apart() {
	local words=()
	while [ "$1" != -- ]; do
		words+=("$1")
		shift
	done
	shift
	unshare -npf --mount-proc bash -c 'ip link set lo up
		n=$1; shift
		coproc "$HELPER/mksock" "${@:1:n}" 3>&-
		export MKSOCK=$COPROC_PID
		told=
		while read -r -u "${COPROC[0]}" line; do
			case $line in socket*|worker*) told+=$line$'"'\\n'"' ;; ready*) break ;; esac
		done
		[ "${line%% *}" = ready ] || exit 99
		export TOLD=$told
		shift "$n"
		"$@"
		status=$?
		exec {COPROC[1]}>&-
		exit $status' _ "${#words[@]}" "${words[@]}" "$@" 3>&-
}

# ss as rows of: proto state local remote rxq txq inode uid. Zones are left out (ss shows them otherwise), and the
# port of a dual-stack "*" is [::]'s.
ss_rows() {
	local name=
	[[ $1 == *,* || $1 == packet || $1 == unix ]] || name=$1 # of one kind alone ss tells no name
	inside ss -HOnae -A "$1" 2>/dev/null | sed "s/^/${name:+$name }/" | ss_normal | sort
}

ss_normal() {
	awk '
		function end(a) {
			sub(/^\*:/, "[::]:", a)
			sub(/%[^:\]]*/, "", a)
			return a
		}
		{
			state = tolower($2)
			if (state == "estab") state = "established"
			uid = 0; inode = 0
			for (i = 7; i <= NF; i++) {
				if ($i ~ /^uid:/) uid = substr($i, 5)
				if ($i ~ /^ino:/) inode = substr($i, 5)
			}
			print $1 "\t" state "\t" end($5) "\t" end($6) "\t" $3 "\t" $4 "\t" inode "\t" uid
		}'
}

# ss as rows of: inode pid fd (the lowest of a process).
ss_owners() {
	inside ss -HOnaep -A "$1" 2>/dev/null | awk '
		{
			inode = ""
			for (i = 7; i <= NF; i++) if ($i ~ /^ino:/) inode = substr($i, 5)
			split("", low)
			rest = $0
			while (match(rest, /pid=[0-9]+,fd=[0-9]+/)) {
				split(substr(rest, RSTART, RLENGTH), part, /[=,]/)
				if (!(part[2] in low) || part[4] + 0 < low[part[2]] + 0) low[part[2]] = part[4]
				rest = substr(rest, RSTART + RLENGTH)
			}
			for (pid in low) print inode "\t" pid "\t" low[pid]
		}' | sort
}

# The inodes that mksock told for a word, sorted.
told() { awk -v what="$1" '$1 == "socket" && $2 == what { print $4 }' "${2:-$MADE}" | sort; }

# same WANTED GOT: equal texts, else a diff is shown and the test fails.
same() {
	[ "$1" = "$2" ] && return 0
	diff -u --label wanted --label got <(printf '%s\n' "$1") <(printf '%s\n' "$2") | cat -v
	return 1
}

# has TEXT PART...: each part (a fixed text) is in it.
has() {
	local text=$1 part
	shift
	for part in "$@"; do
		[[ $text == *"$part"* ]] && continue
		printf 'not in it: %s\n--\n%s\n' "$part" "$text" | cat -v
		return 1
	done
}

# printable FILE: no byte or character that moves a cursor, reorders or hides text.
printable() {
	if LC_ALL=C grep -naP '[\x00-\x08\x0b-\x1f\x7f]' "$1" | cat -v | head -5 | grep .; then return 1; fi
	if LC_ALL=C grep -naP '\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf|\xf3\xa0' "$1" |
		cat -v | head -5 | grep .; then return 1; fi
	iconv -f UTF-8 -t UTF-8 "$1" >/dev/null
}

# One sentence on stderr that names the applet.
one_line() {
	[ "$(printf '%s\n' "$1" | wc -l)" = 1 ] && [[ $1 == conns:* ]] && return 0
	printf 'not one line of conns:\n%s\n' "$1" | cat -v
	return 1
}

# conns in the recorded world; golden ARGUMENTS... <<WANTED compares what it prints there.
replay() { "$SOCKBOX" conns --replay "$ROOT/tests/data/world1" "$@"; }

# golden ARGUMENTS... <<WANTED
golden() {
	local wanted
	wanted=$(cat)
	same "$wanted" "$(replay "$@")"
}
