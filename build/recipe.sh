# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# What the recipes share. A recipe runs in the unpacked source tree of its library, with
# S (the sysroot), CC, AR, RANLIB, JOBS and LIBC in its environment, and puts lib/*.a and include/* into S.

# No zlib, zstd, libelf, libbpf or BearSSL build system is used: a list of files and the right defines do. Paths are
# relative to the source tree, so that none of them gets into the objects.
FLAGS="-ffunction-sections -fdata-sections -fno-ident -fPIE -ffile-prefix-map=$PWD=."
if [ "$LIBC" = musl ]; then
	FLAGS="-Os -fno-asynchronous-unwind-tables -fno-unwind-tables $FLAGS"
else
	FLAGS="-O1 -g $FLAGS"
fi

# compile "FLAGS" FILE.c...: every file into an object here, named after it.
compile() {
	more=$1
	shift
	# shellcheck disable=SC2086
	printf '%s\n' "$@" | xargs -P "$JOBS" -n 4 $CC $FLAGS $more -c
}

# archive NAME: all objects here, in the order of their names and without dates, so that it is always the same file.
archive() {
	rm -f "$S/lib/$1"
	"$AR" Dcrs "$S/lib/$1" ./*.o
}

# headers DIR FILE...: into include/DIR.
headers() {
	dir=$S/include/$1
	shift
	mkdir -p "$dir"
	cp "$@" "$dir/"
}
