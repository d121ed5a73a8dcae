#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The documents say what the binary does: what is printed from tables is up to date, and every option
# and column that a page of prose names is there.

load lib.bash

printed() { "${SOCKBOX_ASAN%/*}/docs" "$@"; }

@test "docs/letters.md is what make docs prints" {
	diff <(printed letters) "$ROOT/docs/letters.md"
}

@test "docs/reference has what make docs prints of each applet" {
	for applet in $("$SOCKBOX" --list); do
		diff <(printed "$applet") "$ROOT/docs/reference/$applet.md"
	done
}

@test "commands in README and docs/conns.md are understood" {
	grep -hoE '(^    \$ |`)conns [^`|>]*' "$ROOT/README.md" "$ROOT/docs/conns.md" | sed 's/^ *\$ //; s/^`//; s/ && .*//' |
		grep -vE 'prot:|conns (443|5432)$|state established|-h$|\[options' >"$BATS_TEST_TMPDIR/commands"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/commands")" -gt 15 ]
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$SOCKBOX" "$BATS_TEST_TMPDIR/bin/conns"
	while read -r command; do
		status=0
		PATH=$BATS_TEST_TMPDIR/bin:$PATH timeout 2 unshare -r -n bash -c "$command" >/dev/null 2>&1 || status=$?
		echo "$command: $status"
		[ "$status" != 2 ]
	done <"$BATS_TEST_TMPDIR/commands"
}

@test "what the pages link to is there" {
	cd "$ROOT"
	for page in README.md CONTRIBUTING.md docs/*.md docs/reference/*.md; do
		for link in $(grep -oE '\]\([a-zA-Z0-9_./-]+\)' "$ROOT/$page" | tr -d '()]'); do
			echo "$page: $link"
			[ -e "$ROOT/$(dirname "$page")/$link" ]
		done
	done
}
