#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# conns on a recorded world (tests/data/world1, made by tests/data/make-world1): tables, both
# backends, worlds that are damaged. golden_formats.bats has the formats for programs. Run with the sanitizers' binary too. Needs no rights at all.
#
# After a change that is meant: compare by eye with make-world1, then paste.

load lib.bash

@test "the recorded world is what make-world1 makes" {
	command -v python3 >/dev/null || skip "needs python3"
	python3 "$ROOT/tests/data/make-world1" "$BATS_TEST_TMPDIR/world1"
	diff -r --no-dereference "$ROOT/tests/data/world1" "$BATS_TEST_TMPDIR/world1"
}

@test "the default table" {
	golden <<'EOF'
proto  state        local                  remote                       pid  comm
tcp    listen       0.0.0.0:80             0.0.0.0:*                    100  nginx
tcp    listen       0.0.0.0:80             0.0.0.0:*                    101  nginx
tcp    established  192.0.2.1:80           198.51.100.7:50001           101  nginx
tcp    time-wait    192.0.2.1:80           198.51.100.8:50002             -  -
tcp    syn-recv     192.0.2.1:80           198.51.100.9:50003             -  -
tcp    syn-sent     192.0.2.1:50004        203.0.113.1:443              200  a) R 1 (\x1b]0;x\x07\x0a
tcp    listen       [::]:22                [::]:*                       100  nginx
tcp    close-wait   [2001:db8::1]:22       [2001:db8::2]:50005          100  nginx
tcp    established  [::ffff:192.0.2.1]:22  [::ffff:198.51.100.7]:50006    -  -
mptcp  close-wait   [2001:db8::1]:22       [2001:db8::2]:50005          100  nginx
udp    unconn       127.0.0.53:53          0.0.0.0:*                    200  a) R 1 (\x1b]0;x\x07\x0a
udp    established  [fe80::1%eth0]:546     [fe80::2%eth0]:547           300  =cmd,"q"
EOF
}

@test "the default table by procfs" {
	golden --backend procfs proto:tcp,udp <<'EOF'
proto  state        local                  remote                       pid  comm
tcp    listen       0.0.0.0:80             0.0.0.0:*                    100  nginx
tcp    listen       0.0.0.0:80             0.0.0.0:*                    101  nginx
tcp    established  192.0.2.1:80           198.51.100.7:50001           101  nginx
tcp    time-wait    192.0.2.1:80           198.51.100.8:50002             -  -
tcp    syn-recv     192.0.2.1:80           198.51.100.9:50003             -  -
tcp    syn-sent     192.0.2.1:50004        203.0.113.1:443              200  a) R 1 (\x1b]0;x\x07\x0a
tcp    listen       [::]:22                [::]:*                       100  nginx
tcp    close-wait   [2001:db8::1]:22       [2001:db8::2]:50005          100  nginx
tcp    established  [::ffff:192.0.2.1]:22  [::ffff:198.51.100.7]:50006    -  -
udp    unconn       127.0.0.53:53          0.0.0.0:*                    200  a) R 1 (\x1b]0;x\x07\x0a
udp    established  [fe80::1]:546          [fe80::2]:547                300  =cmd,"q"
EOF
}

@test "identity, in a table" {
	golden -a -o proto,family,state,local,remote,iface,inode,cookie,netns,uid,user <<'EOF'
proto    family   state        local                  remote                       iface  inode  cookie  netns   uid  user
tcp      inet     listen       0.0.0.0:80             0.0.0.0:*                    -        501  0x1000      -     0  root
tcp      inet     established  192.0.2.1:80           198.51.100.7:50001           -        503  0x1001      -    33  www-data
tcp      inet     time-wait    192.0.2.1:80           198.51.100.8:50002           -          0  0x1002      -     -  -
tcp      inet     syn-recv     192.0.2.1:80           198.51.100.9:50003           -          0  0x1003      -     -  -
tcp      inet     syn-sent     192.0.2.1:50004        203.0.113.1:443              -        504  0x1004      -  1001  en\x1bemy
tcp      inet6    listen       [::]:22                [::]:*                       -        502  0x1005      -     0  root
tcp      inet6    close-wait   [2001:db8::1]:22       [2001:db8::2]:50005          -        506  0x1006      -     0  root
tcp      inet6    established  [::ffff:192.0.2.1]:22  [::ffff:198.51.100.7]:50006  -        999  0x1007      -     0  root
mptcp    inet6    close-wait   [2001:db8::1]:22       [2001:db8::2]:50005          -        506  0x1063      -     0  root
udp      inet     unconn       127.0.0.53:53          0.0.0.0:*                    lo       505  0x1008      -  1001  en\x1bemy
udp      inet6    established  [fe80::1%eth0]:546     [fe80::2%eth0]:547           eth0     507  0x1009      -     0  root
raw      inet     unconn       0.0.0.0:1              0.0.0.0:*                    -        604       -      -     0  root
icmp     inet     unconn       127.0.0.1:77           0.0.0.0:*                    -        605       -      -  1001  en\x1bemy
unix     unix     listen       /run/app\xff.sock      *                            -        601  0x2259      -  1001  en\x1bemy
unix     unix     established  *                      *                            -        602  0x225a      -  1001  en\x1bemy
unix     unix     established  /run/a b               *                            -        603  0x225b      -  1001  en\x1bemy
unix     unix     unconn       @abs\x1b[2J            *                            -        608  0x2260      -  1001  en\x1bemy
packet   packet   unconn       *:eth0                 *                            eth0     606  0x3000      -     0  root
netlink  netlink  unconn       route/300              *                            -        607  0x425f      -     -  -
netlink  netlink  unconn       generic/kernel         *                            -          0  0x4000      -     -  -
EOF
}

@test "owners, in a table" {
	golden -o pid,ppid,comm,exe,cmdline,fd,owners,started,age <<'EOF'
pid  ppid  comm                      exe              cmdline                       fd  owners  started                     age
100     1  nginx                     /usr/sbin/nginx  nginx: master -g daemon off;   6       2  2023-11-13T19:50:00.123Z  1d02h
101   100  nginx                     /usr/sbin/nginx  nginx: worker                  6       2  2023-11-13T19:50:01.123Z  1d02h
101   100  nginx                     /usr/sbin/nginx  nginx: worker                 10       1  2023-11-13T19:50:01.123Z  1d02h
  -     -  -                         -                -                              -       0  -                             -
  -     -  -                         -                -                              -       0  -                             -
200     1  a) R 1 (\x1b]0;x\x07\x0a  /tmp/\u{202e}x   sh -c echo\x09'\xff'\x0a       3       1  2023-11-14T19:26:40.123Z  2h46m
100     1  nginx                     /usr/sbin/nginx  nginx: master -g daemon off;   8       1  2023-11-13T19:50:00.123Z  1d02h
100     1  nginx                     /usr/sbin/nginx  nginx: master -g daemon off;   9       1  2023-11-13T19:50:00.123Z  1d02h
  -     -  -                         -                -                              -       0  -                             -
100     1  nginx                     /usr/sbin/nginx  nginx: master -g daemon off;   9       1  2023-11-13T19:50:00.123Z  1d02h
200     1  a) R 1 (\x1b]0;x\x07\x0a  /tmp/\u{202e}x   sh -c echo\x09'\xff'\x0a       4       1  2023-11-14T19:26:40.123Z  2h46m
300   200  =cmd,"q"                  /opt/café        -                              3       1  2023-11-14T22:13:20.113Z   10ms
EOF
}

@test "queues and memory, in a table" {
	golden -a -o proto,local,rxq,txq,backlog,rcvbuf,sndbuf,mem,drops <<'EOF'
proto    local                  rxq  txq  backlog  rcvbuf  sndbuf  mem  drops
tcp      0.0.0.0:80               2    -      511    131k     87k   23      8
tcp      192.0.2.1:80            10   20        -    131k     87k   23      8
tcp      192.0.2.1:80             0    0        -    131k     87k   23      8
tcp      192.0.2.1:80             0    0        -    131k     87k   23      8
tcp      192.0.2.1:50004          0    1        -    131k     87k   23      8
tcp      [::]:22                  0    -      128    131k     87k   23      8
tcp      [2001:db8::1]:22         1    0        -    131k     87k   23      8
tcp      [::ffff:192.0.2.1]:22    0    0        -    131k     87k   23      8
mptcp    [2001:db8::1]:22         0    0        -    131k     87k   23      8
udp      127.0.0.53:53            0    0        -    131k     87k   23      9
udp      [fe80::1%eth0]:546       0    0        -    131k     87k   23      8
raw      0.0.0.0:1                0    0        -       -       -    -      3
icmp     127.0.0.1:77             0    0        -       -       -    -      0
unix     /run/app\xff.sock        1    -     4096       -       -    -      -
unix     *                        0    0        -       -       -    -      -
unix     /run/a b                 0    0        -       -       -    -      -
unix     @abs\x1b[2J              0    0        -       -       -    -      -
packet   *:eth0                  64    0        -    212k    212k   64      1
netlink  route/300              128    0        -    212k    212k  128      0
netlink  generic/kernel           0    0        -    212k    212k    0      0
EOF
}

@test "tcp_info, in a table" {
	golden -o rtt,rttvar,minrtt,rto,cwnd,ssthresh,mss,pmtu,retrans,lost,reordering,rx,tx,segs_in,segs_out lport:80 <<'EOF'
 rtt  rttvar  minrtt    rto  cwnd  ssthresh   mss  pmtu  retrans  lost  reordering   rx   tx  segs_in  segs_out
   -       -       -      -     -         -     -     -        -     -           -    -    -        -         -
12ms   678us  9.87ms  204ms    42        55  1.4k  1.5k        7     2           3  90k  70k     2222      1111
   -       -       -      -     -         -     -     -        -     -           -    -    -        -         -
   -       -       -      -     -         -     -     -        -     -           -    -    -        -         -
EOF
}

@test "more of tcp_info, in a table" {
	golden -o delivery_rate,pacing_rate,busy,rwnd_limited,sndbuf_limited,timer,timeout,cc,tcpopts,last_sent,last_received,lservice,rservice port:80 <<'EOF'
delivery_rate  pacing_rate   busy  rwnd_limited  sndbuf_limited  timer      timeout  cc     tcpopts                 last_sent  last_received  lservice  rservice
            -            -      -             -               -  off              -  cubic  -                               -              -  http      -
         4.0M         5.0M  3.00s         2.00s           1.00s  keepalive    1h59m  bbr    ts,sack,ecn,wscale:7/9      1.50s          2.50s  http      -
            -            -      -             -               -  timewait       59s  -      -                               -              -  http      -
            -            -      -             -               -  on           1.00s  -      -                               -              -  http      -
EOF
}

@test "no column is missing above: each has a known value somewhere" {
	command -v jq >/dev/null || skip "needs jq"
	for column in $("$SOCKBOX" conns --schema | jq -r '.properties | keys[] | select(endswith("_b64") | not)'); do
		case $column in netns) continue ;; esac
		jq -es --arg c "$column" 'any(.[]; .[$c] != null)' "$ROOT/tests/data/world1.jsonl" >/dev/null || { echo "$column"; return 1; }
	done
}

@test "a world that is none" {
	run -3 --separate-stderr "$SOCKBOX" conns --replay "$BATS_TEST_TMPDIR"
	one_line "$stderr"
	has "$stderr" "$BATS_TEST_TMPDIR" world
}

@test "a world with damaged dumps is answered from its /proc" {
	cp -a "$ROOT/tests/data/world1" "$BATS_TEST_TMPDIR/world"
	head -c 100 "$ROOT/tests/data/world1/netlink/tcp" >"$BATS_TEST_TMPDIR/world/netlink/tcp"
	printf 'garbage' >"$BATS_TEST_TMPDIR/world/netlink/udp4"
	run "$SOCKBOX" conns --replay "$BATS_TEST_TMPDIR/world" -H -F tsv -o local lport:80,53
	[ "$status" -lt 128 ]
	has "$output" 192.0.2.1:80 127.0.0.53:53
}

@test "a colored table has the same text" {
	same "$(replay)" "$(replay --color always | sed 's/\x1b\[[0-9;]*m//g')"
	same "$(replay)" "$(replay --color auto)"
}
