#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Filters and sort keys on real rows. The grammar has its unit tests; here it is that each kind of
# term, pushed down to the kernel or not, finds the sockets that it should.

# shellcheck disable=SC2101,SC2102 # [::1] is an address, not a pattern
load lib.bash

setup_file() {
	world_start comm webby \
		tcp-listen 127.0.0.1:5001 tcp-listen 127.0.0.2:5002 v6only 1 tcp-listen [::1]:5003 tcp-listen [fe80::9%v0]:5004 \
		tcp-pair 127.1.2.3:5005 bytes 30000 tcp-pair [::1]:5006 bytes 2000000 back 700 udp 127.0.0.1:5007 \
		state close-wait 127.0.0.1:5008 state time-wait 127.0.0.1:5009 state syn-sent 10.9.0.2:5010 \
		v6only 0 tcp-listen [::]:5011 tcp-connect 127.0.0.1:5011 unix-listen @app unix-dgram "$BATS_FILE_TMPDIR/log" \
		uid 33 tcp-listen 127.0.0.1:5012
}

teardown_file() { world_stop; }

setup() { needs_root; }

# finds "PORTS" WORDS...: exactly the sockets with these local ports below 6000 pass.
finds() {
	local wanted=$1
	shift
	same "$*: $(tr ' ' '\n' <<<"$wanted")" "$*: $(rows lport "$@" | awk '$1 < 6000' | sort -n | uniq)"
	same "procfs $*: $(tr ' ' '\n' <<<"$wanted")" "procfs $*: $(rows lport --backend procfs "$@" | awk '$1 < 6000' | sort -n | uniq)"
}

@test "ports: exact, range, list, either end" {
	finds 5001 lport:5001
	finds "5001 5002 5003" lport:5001..5003
	finds "5011 5012" lport:5011..5999
	finds "5001 5002" lport:..5002
	finds "5001 5007" lport:5001,5007
	finds "5005" port:5005
	same "5005" "$(rows rport rport:5005)"
	same 2 "$(rows lport port:5005 | wc -l)"
	finds 5001 'lport=5001'
	finds "5001 5002" 'lport<=5002' lport:5001..
	finds 5012 'lport>5011' 'lport<6000'
	finds 5001 ':5001'
	finds 5001 local::5001
}

@test "addresses: exact, prefix, with port, with zone" {
	finds 5002 laddr:127.0.0.2
	finds "5005" laddr:127.1.0.0/16
	finds "5003 5006" laddr:::1
	finds 5004 laddr:fe80::/10 state:listen
	finds 5001 local:127.0.0.1:5001
	finds 5003 'local:[::1]:5003'
	same 5004 "$(rows lport 'local:[fe80::9%v0]:5004')" # of zones /proc/net knows nothing
	same "" "$(rows lport 'local:[fe80::9%v1]:5004')"
	finds 5005 addr:127.1.2.3 state:established
	same 10.9.0.2:5010 "$(rows remote raddr:10.0.0.0/8)"
	same 10.9.0.2:5010 "$(rows remote raddr:10.9.0.2)"
	finds "5011" laddr:127.0.0.1 lport:5011
}

@test "and, or, not, brackets" {
	finds "5001 5002" lport:5001 or lport:5002
	finds "5002" lport:5001..5002 not lport:5001
	finds "5001 5002" '(' lport:5001 or lport:5002 ')' and state:listen
	finds "5001 5002" -Y '(lport:5001 || lport:5002) && !proto:udp'
	finds "5002" -Y 'lport in' lport:5002 2>/dev/null || finds 5002 lport:5002
	finds "5003" 'lport!=5001' laddr:::1 state:listen
}

@test "state and its synonyms" {
	finds "5005 5006 5011" state:estab proto:tcp not lport:6000..
	finds "5008" state:fin-wait-2
	same 5008 "$(rows rport state:close-wait)"
	same 5009 "$(rows rport state:time-wait)"
	same "$(rows lport state:listen)" "$(rows lport state:listening)"
	same "$(rows lport state:established,listen)" "$(rows lport state:established or state:listen)"
}

@test "text: a part without case, a regular expression, equality" {
	finds "5012" comm:WEB lport:5012
	finds "5012" comm~^web lport:5012
	finds "5012" 'comm:/^WEBBY$/' lport:5012
	finds "" comm~^eb lport:5012
	finds "5012" comm=webby lport:5012
	finds "" comm=web lport:5012
	finds "" comm!~webby lport:5012
	same "@app" "$(rows path path:app -x)"
	same "$BATS_FILE_TMPDIR/log" "$(rows path path~/log$)"
}

@test "numbers with units: bytes, durations, rates" {
	same 5006 "$(rows rport 'tx:1M..')"
	same 5006 "$(rows rport 'tx>=2M' )"
	same 5006 "$(rows rport tx:2000000)"
	same 5005 "$(rows rport tx:20k..40k)"
	[ "$(rows rport rtt:0s..10s state:established | wc -l)" -ge 4 ]
	[ "$(rows rport rtt:..10s rport:5006 | wc -l)" = 1 ]
	same "" "$(rows rport rtt:10s..)"
}

@test "owner columns filter too" {
	finds 5001 pid:"$WORLD" lport:5001
	finds "" pid:1 lport:5001
	finds "5001 5012" exe:mksock lport:5001,5012
	finds 5012 uid:33
	finds 5001 owners:1 lport:5001
}

@test "unknown values are neither true nor false" {
	same 5009 "$(rows rport pid:none rport:5009)"
	same "" "$(rows rport pid:any rport:5009)"
	same "" "$(rows rport pid:5 rport:5009)"
	same "" "$(rows rport not pid:5 rport:5009)"
	same "" "$(rows rport pid!=5 rport:5009)"
}

@test "RustNet's words" {
	same 5005 "$(rows rport dport:5005)"
	same 5005 "$(rows lport sport:5005)"
	same 5005 "$(rows lport src:127.1.2.3)"
	same 5005 "$(rows rport dst:127.1.0.0/16)"
	finds 5012 process:webby lport:5012
}

@test "-Y and words are ANDed" {
	finds 5001 -Y 'proto:tcp' lport:5001
	finds "" -Y 'proto:udp' lport:5001
}

# The rows that come back are the same with a filter that the kernel can apply and one that says the same and cannot be pushed down.
@test "push-down is only speed" {
	for term in lport:5001 rport:5005 laddr:127.0.0.1 raddr:::1 state:listen,close-wait laddr:127.0.0.0/8 port:5006 'lport:5002..5004' \
		addr:::1 'local:127.0.0.1:5001' src:127.0.0.2; do
		# "or sample:0" is never true, and hides the term from the planner.
		same "$term $(rows proto,state,local,remote,inode "$term")" "$term $(rows proto,state,local,remote,inode "$term" or sample:77)"
		[ -n "$(rows local "$term")" ]
	done
}

@test "sort keys: ascending, descending, several" {
	same "$(rows lport lport:5001..5012 | sort -n)" "$(conns -H -F tsv -o lport -k lport lport:5001..5012)"
	same "$(rows lport lport:5001..5012 | sort -rn)" "$(conns -H -F tsv -o lport -k -lport lport:5001..5012)"
	same "$(rows proto,lport lport:5001..5012 state:listen,unconn | sort -k 1,1 -k 2,2nr)" \
		"$(conns -H -F tsv -o proto,lport -k proto,-lport lport:5001..5012 state:listen,unconn | sort -s -k 1,1)"
	# By a column that is not shown; what is unknown comes last.
	same 5006 "$(conns -H -F tsv -o rport -k -tx proto:tcp state:established | head -1)"
	same - "$(conns -H -F tsv -o pid -k pid lport:5001..5012 or state:time-wait | tail -1)"
	same "127.0.0.1 127.0.0.2" "$(conns -H -F tsv -o laddr -k laddr lport:5002 or lport:5001 | tr '\n' ' ' | sed 's/ $//')"
}
