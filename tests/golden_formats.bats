#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# conns on a recorded world (tests/data/world1, made by tests/data/make-world1): the formats for
# programs, every column, to the byte. Run with the sanitizers' binary too. Needs no rights at all.
#
# After a change that is meant: compare by eye with make-world1, then paste.

load lib.bash

@test "the rest of identity, as TSV" {
	golden -a -F tsv -o laddr,lport,raddr,rport,mark,tos,v6only,subflow,path,peer <<'EOF'
laddr	lport	raddr	rport	mark	tos	v6only	subflow	path	peer
0.0.0.0	80	0.0.0.0	0	0x0	0x0	-	false	-	-
192.0.2.1	80	198.51.100.7	50001	0x2a	0x10	-	false	-	-
192.0.2.1	80	198.51.100.8	50002	0x0	-	-	false	-	-
192.0.2.1	80	198.51.100.9	50003	0x0	-	-	false	-	-
192.0.2.1	50004	203.0.113.1	443	0x0	0x0	-	false	-	-
::	22	::	0	0x0	0x0	false	false	-	-
2001:db8::1	22	2001:db8::2	50005	0x0	0x0	true	true	-	-
::ffff:192.0.2.1	22	::ffff:198.51.100.7	50006	0x0	0x0	true	false	-	-
2001:db8::1	22	2001:db8::2	50005	0x0	-	true	-	-	-
127.0.0.53	53	0.0.0.0	0	0x0	-	-	-	-	-
fe80::1%eth0	546	fe80::2%eth0	547	0x0	-	true	-	-	-
0.0.0.0	1	0.0.0.0	0	-	-	-	-	-	-
127.0.0.1	77	0.0.0.0	0	-	-	-	-	-	-
-	-	-	-	-	-	-	-	/run/app\xff.sock	-
-	-	-	-	-	-	-	-	-	603
-	-	-	-	-	-	-	-	/run/a b	602
-	-	-	-	-	-	-	-	@abs\x1b[2J	-
-	-	-	-	-	-	-	-	-	-
-	-	-	-	-	-	-	-	-	-
-	-	-	-	-	-	-	-	-	-
EOF
}

@test "what procfs knows, of every family" {
	golden -a -F tsv --backend procfs -o proto,family,state,local,remote,inode,uid,rxq,txq,backlog,timer,timeout,peer,path,via not proto:mptcp <<'EOF'
proto	family	state	local	remote	inode	uid	rxq	txq	backlog	timer	timeout	peer	path	via
tcp	inet	listen	0.0.0.0:80	0.0.0.0:*	501	0	2	-	-	off	-	-	-	procfs
tcp	inet	established	192.0.2.1:80	198.51.100.7:50001	503	33	10	20	-	keepalive	7199	-	-	procfs
tcp	inet	time-wait	192.0.2.1:80	198.51.100.8:50002	0	-	0	0	-	timewait	59	-	-	procfs
tcp	inet	syn-recv	192.0.2.1:80	198.51.100.9:50003	0	-	0	0	-	on	1	-	-	procfs
tcp	inet	syn-sent	192.0.2.1:50004	203.0.113.1:443	504	1001	0	1	-	on	0.9	-	-	procfs
tcp	inet6	listen	[::]:22	[::]:*	502	0	0	-	-	off	-	-	-	procfs
tcp	inet6	close-wait	[2001:db8::1]:22	[2001:db8::2]:50005	506	0	1	0	-	off	-	-	-	procfs
tcp	inet6	established	[::ffff:192.0.2.1]:22	[::ffff:198.51.100.7]:50006	999	0	0	0	-	off	-	-	-	procfs
udp	inet	unconn	127.0.0.53:53	0.0.0.0:*	505	1001	0	0	-	-	-	-	-	procfs
udp	inet6	established	[fe80::1]:546	[fe80::2]:547	507	0	0	0	-	-	-	-	-	procfs
raw	inet	unconn	0.0.0.0:1	0.0.0.0:*	604	0	0	0	-	-	-	-	-	procfs
icmp	inet	unconn	127.0.0.1:77	0.0.0.0:*	605	1001	0	0	-	-	-	-	-	procfs
unix	unix	listen	/run/app\xff.sock	*	601	-	-	-	-	-	-	-	/run/app\xff.sock	procfs
unix	unix	established	*	*	602	-	-	-	-	-	-	-	-	procfs
unix	unix	established	/run/a b	*	603	-	-	-	-	-	-	-	/run/a b	procfs
unix	unix	unconn	@abs\x1b[2J	*	608	-	-	-	-	-	-	-	@abs\x1b[2J	procfs
packet	packet	unconn	*:eth0	*	606	0	64	-	-	-	-	-	-	procfs
netlink	netlink	unconn	route/300	*	607	-	128	0	-	-	-	-	-	procfs
netlink	netlink	unconn	generic/kernel	*	0	-	0	0	-	-	-	-	-	procfs
EOF
}

@test "owners, as TSV" {
	golden -F tsv -o pid,comm,cmdline,started,age,tty,cgroup,ancestors,quality,via <<'EOF'
pid	comm	cmdline	started	age	tty	cgroup	ancestors	quality	via
100	nginx	nginx: master -g daemon off;	2023-11-13T19:50:00.123456789Z	95000	-	/system.slice/nginx.service	init	exact	netlink+procfs
101	nginx	nginx: worker	2023-11-13T19:50:01.123456789Z	94999	-	/system.slice/nginx.service	nginx,init	exact	netlink+procfs
101	nginx	nginx: worker	2023-11-13T19:50:01.123456789Z	94999	-	/system.slice/nginx.service	nginx,init	exact	netlink+procfs
-	-	-	-	-	-	-	-	ownerless	netlink
-	-	-	-	-	-	-	-	ownerless	netlink
200	a) R 1 (\x1b]0;x\x07\n	sh -c echo\t'\xff'\n	2023-11-14T19:26:40.123456789Z	10000	pts/0	/user\u{9b}.slice	init	exact	netlink+procfs
100	nginx	nginx: master -g daemon off;	2023-11-13T19:50:00.123456789Z	95000	-	/system.slice/nginx.service	init	exact	netlink+procfs
100	nginx	nginx: master -g daemon off;	2023-11-13T19:50:00.123456789Z	95000	-	/system.slice/nginx.service	init	exact	netlink+procfs
-	-	-	-	-	-	-	-	-	netlink
100	nginx	nginx: master -g daemon off;	2023-11-13T19:50:00.123456789Z	95000	-	/system.slice/nginx.service	init	exact	netlink+procfs
200	a) R 1 (\x1b]0;x\x07\n	sh -c echo\t'\xff'\n	2023-11-14T19:26:40.123456789Z	10000	pts/0	/user\u{9b}.slice	init	exact	netlink+procfs
300	=cmd,"q"	\-	2023-11-14T22:13:20.113456789Z	0.01	-	/	a) R 1 (\x1b]0;x\x07\n,init	exact	netlink+procfs
EOF
}

@test "queues and memory, as CSV" {
	golden -a -F csv -o proto,local,rxq,txq,backlog,rcvbuf,sndbuf,mem,drops <<'EOF'
proto,local,rxq,txq,backlog,rcvbuf,sndbuf,mem,drops
tcp,0.0.0.0:80,2,,511,131072,87040,23,8
tcp,192.0.2.1:80,10,20,,131072,87040,23,8
tcp,192.0.2.1:80,0,0,,131072,87040,23,8
tcp,192.0.2.1:80,0,0,,131072,87040,23,8
tcp,192.0.2.1:50004,0,1,,131072,87040,23,8
tcp,[::]:22,0,,128,131072,87040,23,8
tcp,[2001:db8::1]:22,1,0,,131072,87040,23,8
tcp,[::ffff:192.0.2.1]:22,0,0,,131072,87040,23,8
mptcp,[2001:db8::1]:22,0,0,,131072,87040,23,8
udp,127.0.0.53:53,0,0,,131072,87040,23,9
udp,[fe80::1%eth0]:546,0,0,,131072,87040,23,8
raw,0.0.0.0:1,0,0,,,,,3
icmp,127.0.0.1:77,0,0,,,,,0
unix,/run/app\xff.sock,1,,4096,,,,
unix,*,0,0,,,,,
unix,/run/a b,0,0,,,,,
unix,"@abs\x1b[2J",0,0,,,,,
packet,*:eth0,64,0,,212992,212992,64,1
netlink,route/300,128,0,,212992,212992,128,0
netlink,generic/kernel,0,0,,212992,212992,0,0
EOF
}

@test "CSV: quotes, formulas, control bytes" {
	golden -a -F csv -o proto,local,comm,cmdline,path <<'EOF'
proto,local,comm,cmdline,path
tcp,0.0.0.0:80,nginx,nginx: master -g daemon off;,
tcp,0.0.0.0:80,nginx,nginx: worker,
tcp,192.0.2.1:80,nginx,nginx: worker,
tcp,192.0.2.1:80,,,
tcp,192.0.2.1:80,,,
tcp,192.0.2.1:50004,"a) R 1 (\x1b]0;x\x07\x0a","sh -c echo\x09'\xff'\x0a",
tcp,[::]:22,nginx,nginx: master -g daemon off;,
tcp,[2001:db8::1]:22,nginx,nginx: master -g daemon off;,
tcp,[::ffff:192.0.2.1]:22,,,
mptcp,[2001:db8::1]:22,nginx,nginx: master -g daemon off;,
udp,127.0.0.53:53,"a) R 1 (\x1b]0;x\x07\x0a","sh -c echo\x09'\xff'\x0a",
udp,[fe80::1%eth0]:546,"=cmd,""q""","-",
raw,0.0.0.0:1,"a) R 1 (\x1b]0;x\x07\x0a","sh -c echo\x09'\xff'\x0a",
icmp,127.0.0.1:77,"=cmd,""q""","-",
unix,/run/app\xff.sock,"a) R 1 (\x1b]0;x\x07\x0a","sh -c echo\x09'\xff'\x0a",/run/app\xff.sock
unix,*,"=cmd,""q""","-",
unix,/run/a b,"=cmd,""q""","-",/run/a b
unix,"@abs\x1b[2J",,,"@abs\x1b[2J"
packet,*:eth0,"=cmd,""q""","-",
netlink,route/300,"=cmd,""q""","-",
netlink,generic/kernel,,,
EOF
}

@test "kv: quotes" {
	golden -F kv -o proto,local,pid,comm,exe,cmdline,rtt lport:80,50004,546 <<'EOF'
proto='tcp' local='0.0.0.0:80' pid='100' comm='nginx' exe='/usr/sbin/nginx' cmdline='nginx: master -g daemon off;' rtt=''
proto='tcp' local='0.0.0.0:80' pid='101' comm='nginx' exe='/usr/sbin/nginx' cmdline='nginx: worker' rtt=''
proto='tcp' local='192.0.2.1:80' pid='101' comm='nginx' exe='/usr/sbin/nginx' cmdline='nginx: worker' rtt='0.012345'
proto='tcp' local='192.0.2.1:80' pid='' comm='' exe='' cmdline='' rtt=''
proto='tcp' local='192.0.2.1:80' pid='' comm='' exe='' cmdline='' rtt=''
proto='tcp' local='192.0.2.1:50004' pid='200' comm='a) R 1 (\x1b]0;x\x07\x0a' exe='/tmp/\u{202e}x' cmdline='sh -c echo\x09'\''\xff'\''\x0a' rtt=''
proto='udp' local='[fe80::1%eth0]:546' pid='300' comm='=cmd,"q"' exe='/opt/café' cmdline='-' rtt=''
EOF
}

@test "value" {
	golden -F value -o remote state:established <<'EOF'
198.51.100.7:50001
[::ffff:198.51.100.7]:50006
[fe80::2%eth0]:547
*
*
EOF
}

@test "value of an unknown" {
	golden -F value -o pid lport:80 <<'EOF'
100
101
101
-
-
EOF
}

@test "-i, -m, -e" {
	golden -ime -F tsv lport:22 <<'EOF'
proto	state	local	remote	pid	comm	uid	inode	cookie	rxq	txq	rcvbuf	sndbuf	mem	drops	rtt	minrtt	cwnd	mss	retrans	rx	tx	delivery_rate	cc
tcp	listen	[::]:22	[::]:*	100	nginx	0	502	0x1005	0	-	131072	87040	23	8	-	-	-	-	-	-	-	-	cubic
tcp	close-wait	[2001:db8::1]:22	[2001:db8::2]:50005	100	nginx	0	506	0x1006	1	0	131072	87040	23	8	-	-	-	-	-	-	-	-	cubic
tcp	established	[::ffff:192.0.2.1]:22	[::ffff:198.51.100.7]:50006	-	-	0	999	0x1007	0	0	131072	87040	23	8	-	-	-	-	-	-	-	-	cubic
mptcp	close-wait	[2001:db8::1]:22	[2001:db8::2]:50005	100	nginx	0	506	0x1063	0	0	131072	87040	23	8	-	-	-	-	-	-	-	-	-
EOF
}

@test "sorted by two keys" {
	golden -H -F tsv -o state,rport,lport -k state,-rport <<'EOF'
established	50006	22
established	50001	80
established	547	546
syn-sent	443	50004
syn-recv	50003	80
time-wait	50002	80
unconn	0	53
close-wait	50005	22
close-wait	50005	22
listen	0	80
listen	0	22
EOF
}

@test "a filter" {
	golden -H -F tsv -o local,comm 'comm~^ng' not lport:22 or raddr:203.0.113.0/24 <<'EOF'
0.0.0.0:80	nginx
0.0.0.0:80	nginx
192.0.2.1:80	nginx
192.0.2.1:50004	a) R 1 (\x1b]0;x\x07\n
EOF
}

@test "times as numbers" {
	golden -H -F tsv --time epoch -o time,started,age lport:546 <<'EOF'
1700000000.123456789	1700000000.113456789	0.01
EOF
}

@test "two samples" {
	golden -d 0.01 -c 2 -F csv -o local lport:53 <<'EOF'
sample,time,local
1,2023-11-14T22:13:20.123456789Z,127.0.0.53:53
2,2023-11-14T22:13:20.123456789Z,127.0.0.53:53
EOF
}

# Every column of every row, the rates too: they are 0, because a recorded world stands still.
@test "JSON, every column of every row" {
	replay -a -J -o all >"$BATS_TEST_TMPDIR/jsonl"
	diff -u "$ROOT/tests/data/world1.jsonl" "$BATS_TEST_TMPDIR/jsonl" | cat -v
	cmp "$ROOT/tests/data/world1.jsonl" "$BATS_TEST_TMPDIR/jsonl"
}

@test "--print0" {
	printf '127.0.0.53:53\tudp\0' >"$BATS_TEST_TMPDIR/wanted"
	replay -H -F tsv --print0 -o local,proto lport:53 | cmp - "$BATS_TEST_TMPDIR/wanted"
}

@test "the JSON Schema" {
	command -v jq >/dev/null || skip "needs jq"
	"$SOCKBOX" conns --schema | jq -e . >/dev/null
}
