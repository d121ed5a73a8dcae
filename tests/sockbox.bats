#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The binary itself: its names, its links, what it tells of its build.

load lib.bash

setup() {
	cd "$BATS_TEST_TMPDIR"
	cp "$SOCKBOX" sockbox
}

@test "alone it lists the applets, --list names only" {
	run --separate-stderr ./sockbox
	[ "$status" = 0 ]
	[[ $output == *"conns "* ]]
	run ./sockbox --list
	[ "$output" = conns ]
	[ "$status" = 0 ]
}

@test "an applet is called by word, by link and by full path" {
	ln -s sockbox conns
	for call in "./sockbox conns" ./conns "$PWD/conns"; do
		run $call --help
		[ "$status" = 0 ]
		[[ $output == "Usage: conns "* ]]
	done
}

@test "a misspelt applet and a wrong option are answered with what was meant" {
	run ./sockbox cons
	[ "$status" = 2 ]
	[ "$output" = "sockbox: unknown applet 'cons'; did you mean 'conns'?" ]
	run ./sockbox --versoin
	[ "$status" = 2 ]
	[[ $output == *"did you mean '--version'?"* ]]
}

@test "--version and --config tell of the build" {
	run ./sockbox --version
	[ "$status" = 0 ]
	[[ $output == "sockbox $(cat "$ROOT/VERSION")"* ]]
	[[ $output == *"libraries: musl 1.2.5"* ]]
	run ./sockbox --config
	[[ $output == *CONFIG_CONNS=y* ]]
}

@test "hard links, symbolic links, and nothing is overwritten without --force" {
	mkdir hard soft
	./sockbox --install hard
	[ "$(stat -c %i hard/conns)" = "$(stat -c %i sockbox)" ]
	./sockbox --install -s soft
	[ "$(readlink soft/conns)" = "$PWD/sockbox" ]
	./sockbox --install -s .
	[ "$(readlink conns)" = sockbox ]
	echo precious >soft/other && mv soft/other hard/other && rm hard/conns && mv hard/other hard/conns
	run ./sockbox --install hard
	[ "$status" = 3 ]
	[[ $output == *"File exists; --force replaces it" ]]
	[ "$(cat hard/conns)" = precious ]
	./sockbox --install --force hard
	[ "$(stat -c %i hard/conns)" = "$(stat -c %i sockbox)" ]
}

@test "--install --force does not remove the binary where it bears an applet's name" {
	mv sockbox conns
	ln -s conns sockbox
	./sockbox --install --force .
	[ -f conns ]
	[ ! -L conns ]
}

@test "a setuid copy refuses to run" {
	needs_root
	publish
	chmod 4755 "$PUBLIC/sockbox"
	findmnt -no OPTIONS -T "$PUBLIC" | grep -q nosuid && { unpublish; skip "the temporary directory is mounted nosuid"; }
	run nobody "$PUBLIC/sockbox" conns -q
	unpublish
	[ "$status" = 2 ]
	[[ $output == *"refusing to run setuid"* ]]
}

@test "no name at all" {
	run bash -c 'exec -a "" ./sockbox'
	[ "$status" = 0 ]
	[[ $output == "Usage: sockbox"* ]]
}
