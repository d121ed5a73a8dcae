# SPDX-License-Identifier: MIT
#
# How the code is compiled and linked, for each VARIANT:
#   static  the product: small, static-pie, against musl
#   host    for a debugger: dynamic, against this machine's libc
#   asan    for tests: as host, with the address and undefined-behaviour sanitizers
#   fuzz    for libFuzzer: as asan, by clang

ifneq ($(filter default undefined,$(origin CC)),)
CC := gcc
endif
CLANG ?= clang-19
LLD ?= $(firstword $(shell command -v ld.lld-19 || command -v ld.lld || echo ld.lld-19))
override CC := $(if $(filter fuzz,$(VARIANT)),$(CLANG),$(CC))

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wwrite-strings -Wpointer-arith -Wcast-qual -Wcast-align -Wvla -Wundef -Wformat=2 -Wnull-dereference \
	-Wimplicit-fallthrough -Wswitch-enum -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers
# What a column needs is a set of bits that several enums contribute to.
CLANG_WARN := -Wno-enum-enum-conversion
WARN += $(if $(findstring clang,$(CC)),$(CLANG_WARN))
# Warnings stop the build only where somebody is there to mend them: a newer compiler has new ones.
ifneq ($(DEV)$(CI),)
WARN += -Werror
endif

STD := -std=gnu11 -fno-common
DEFS := -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

# No assertions in the product: musl's __assert_fail alone pulls in the whole of printf, 12 kB.
CODE-static := -DNDEBUG -Oz -fPIE -fvisibility=hidden -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables \
	-fno-unwind-tables -fno-ident -fmerge-all-constants -ffile-prefix-map=$(CURDIR)=.
CODE-host := -g -O1
# The checks that the sanitizers put in confuse the compiler about null pointers.
CODE-asan := -g -O1 $(SANITIZE) -Wno-null-dereference
CODE-fuzz := -g -O1 $(SANITIZE) -fsanitize=fuzzer-no-link -Wno-null-dereference

# RELR packs the relocations of a position-independent program; one file page holds code and data.
LINK-static := -Wl,--gc-sections -Wl,-O2 -Wl,--build-id=none -Wl,-z,noseparate-code -Wl,-z,relro -Wl,-z,now \
	-Wl,-z,noexecstack -Wl,--pack-dyn-relocs=relr
LINK-host :=
LINK-asan := $(SANITIZE)
LINK-fuzz := $(SANITIZE)

# Which compiler, and the sysroot that its libraries are in.
ifeq ($(VARIANT),static)
TARGET := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine 2>/dev/null)))
ifeq ($(TARGET),)
$(error missing: $(CC) (sh build/bootstrap run installs what is needed))
endif
SYSROOT := $(SYSROOTS)/$(TARGET)
COMPILE := $(CC) -static-pie -specs=$(SYSROOT)/lib/static-pie.specs -B$(SYSROOT)/bin/ -fuse-ld=lld
DEPS_ENV := LIBC=musl CC='$(CC)'
else
SYSROOT := $(SYSROOTS)/host
COMPILE := $(CC)
DEFS += -isystem $(SYSROOT)/include
DEPS_ENV := LIBC=system CC=gcc
endif
