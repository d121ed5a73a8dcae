#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What the build promises of the binary, whatever it does.

bats_require_minimum_version 1.5.0

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	OUT=${OUT:-$top/out}
	tmp=$(mktemp -d)
}

teardown() {
	rm -rf "$tmp"
}

# every COMMAND: for the release binary and those of all configurations; the binary is the last argument.
every() {
	local binary
	for binary in "$OUT/sockbox" "$OUT"/{default,nobpf,light,tiny}/sockbox; do
		"$@" "$binary" || { echo "$binary"; return 1; }
	done
}

at_most() {
	[ "$(stat -c %s "$2")" -le "$1" ] || { echo "$(stat -c %s "$2") bytes, at most $1 are allowed"; return 1; }
}

@test "static-pie, stripped" {
	is_static_pie() { file "$1" | grep 'pie executable.*static-pie linked, stripped'; }
	every is_static_pie
}

@test "no interpreter, no libraries to be loaded" {
	stands_alone() { ! readelf -lW "$1" | grep INTERP && ! readelf -dW "$1" | grep NEEDED; }
	every stands_alone
}

@test "no executable stack, nothing both writable and executable" {
	is_safe() {
		readelf -lW "$1" | grep 'GNU_STACK.* RW ' && ! readelf -lW "$1" | grep ' RWE ' &&
			! readelf -dW "$1" | grep TEXTREL
	}
	every is_safe
}

@test "RELRO and RELR" {
	has_both() { readelf -lW "$1" | grep GNU_RELRO && readelf -dW "$1" | grep '(RELR)'; }
	every has_both
}

@test "no build paths, no compiler's comment" {
	is_clean() { ! strings -a "$1" | grep -F "$top" && ! readelf -SW "$1" | grep -F .comment; }
	every is_clean
}

@test "the sizes are within the budget" {
	while read -r config budget; do
		at_most "$budget" "$OUT/$config/sockbox"
	done < <(sed -n 's|^budget \([a-z]*\) \([0-9]*\) configs/.*|\1 \2|p' "$top/build/size")
	# As long as it is alone in there.
	[ "$("$OUT/tiny/sockbox" --list)" != conns ] ||
		at_most "$(sed -n 's/^budget conns \([0-9]*\).*/\1/p' "$top/build/size")" "$OUT/tiny/sockbox"
}

@test "--version names the version and the libraries that are linked" {
	run -0 "$OUT/tiny/sockbox" --version
	[[ $output == *"$(cat "$top/VERSION")"* && $output == *"musl 1.2.5"* && $output != *libpcap* ]]
}

@test "--config prints a .config that builds the same" {
	"$OUT/tiny/sockbox" --config >"$tmp/config"
	grep -qx 'CONFIG_CONNS=y' "$tmp/config"
	cd "$top"
	build/kconfig "$tmp/config" "$tmp/gen"
	cmp "$tmp/gen/config.h" "$OUT/tiny/gen/config.h"
	cmp "$tmp/gen/config.txt" "$OUT/tiny/gen/config.txt"
}

@test "the applets' list follows .config" {
	[ "$(cat "$OUT/tiny/gen/applets.h")" = "$("$OUT/tiny/sockbox" --list | sed 's/.*/APPLET(&)/; s/-/_/g')" ]
}

# Copies what a build needs, with the sysroots and the downloads of here.
another_tree() {
	mkdir -p "$1/out"
	cp -r "$top"/{Makefile,Kconfig,VERSION,applets,build,configs,core,tests} "$1/"
	[ ! -d "$top/bpf" ] || cp -r "$top/bpf" "$1/"
}

@test "two builds in two directories are equal, bit for bit" {
	another_tree "$tmp/a"
	another_tree "$tmp/a/much/longer/name"
	for dir in a a/much/longer/name; do
		make -C "$tmp/$dir" OUT=out SYSROOTS="$OUT/sysroot" DIST="$OUT/dist" CONFIG=default
	done
	cmp "$tmp/a/out/default/sockbox" "$tmp/a/much/longer/name/out/default/sockbox"
	cmp "$tmp/a/out/default/sockbox" "$OUT/default/sockbox"
}

@test "make says which command is missing, and how to get it" {
	another_tree "$tmp/tree"
	mkdir "$tmp/bin"
	for command in sh sed awk make env nproc cat cp mv rm mkdir ls tr cut cmp grep dirname touch sort; do
		ln -s "$(command -v $command)" "$tmp/bin/"
	done
	run env PATH="$tmp/bin" make -C "$tmp/tree" OUT=out CONFIG=tiny
	[ "$status" -ne 0 ]
	[[ $output == *"missing: gcc"*"build/bootstrap"* ]]
}

@test "a download that is not the pinned one is refused, and what to do is said" {
	mkdir "$tmp/sources"
	echo wrong >"$tmp/sources/musl_1.2.5.orig.tar.gz"
	SOURCES=$tmp/sources run "$top/build/fetch" "$tmp/dist" musl
	[ "$status" -ne 0 ]
	[[ $output == *"lacks musl_1.2.5.orig.tar.gz, or it is another one"*"make SOURCES=DIR"* ]]
}

@test "make install: the binary and a link for each applet" {
	make -C "$top" OUT="$OUT" install DESTDIR="$tmp" PREFIX=/usr
	[ -x "$tmp/usr/bin/sockbox" ]
	for applet in $("$OUT/sockbox" --list); do
		[ "$(readlink "$tmp/usr/bin/$applet")" = sockbox ]
	done
}

@test "make help lists the targets" {
	run -0 make -C "$top" help
	[[ $output == *"check-fresh "* && $output == *"menuconfig "* ]]
}
