# SPDX-License-Identifier: MIT
#
# sockbox's targets; "make help" lists them. How one binary is built is in build/binary.mk, which these run with
# the wanted VARIANT. Nothing here installs anything on this machine: sh build/bootstrap does that.
#
# Variables: CONFIG=tiny (a file in configs/, built into out/tiny), V=1 (show commands), DEV=1 (warnings are errors),
# SOURCES=DIR (the libraries' tarballs are there), OUT=DIR, CC, DESTDIR and PREFIX for install.

OUT ?= out
PREFIX ?= /usr/local
# The one that has Debian's python3-kconfiglib. Only menuconfig and olddefconfig need it.
PYTHON ?= /usr/bin/python3
export OUT
# Some machines point these at libraries of their own.
unexport CPATH LIBRARY_PATH C_INCLUDE_PATH
MAKEFLAGS += -rR --no-print-directory

ifneq ($(words $(CURDIR)),1)
$(error the build does not work below a directory with a space in its name)
endif

# All cores, if the caller has not said how many jobs.
parallel = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))
build = +@$(MAKE) $(parallel) -f build/binary.mk
BIN := $(OUT)$(if $(CONFIG),/$(CONFIG))/sockbox
CONFIGS := $(notdir $(wildcard configs/*))

.PHONY: all
all: ## build the static binary: out/sockbox, or out/NAME/sockbox with CONFIG=NAME
	$(build) VARIANT=static binary

.PHONY: run
run: all ## build it and show this machine's connections
	@echo "  RUN    $(BIN) conns"
	@$(BIN) conns || [ $$? -eq 1 ]

.PHONY: host
host: ## build out/host/sockbox: dynamic, with debugging information; SAN=1 is the same as asan
	$(build) VARIANT=$(if $(SAN),asan,host) binary

.PHONY: asan
asan: ## build out/asan/sockbox, with the address and undefined-behaviour sanitizers
	$(build) VARIANT=asan binary

.PHONY: configs
configs: $(CONFIGS:%=configs/%.built) ## build every configuration of configs/, warnings being errors
configs/%.built:
	$(build) VARIANT=static DEV=1 CONFIG=$* binary

.PHONY: tests
tests: ## build what the tests run
	@build/need /usr/include/cmocka.h
	$(build) VARIANT=asan tests

.PHONY: unit
unit: ## build and run the unit tests and the recorded fuzz inputs alone; T=FILE... runs any other tests
	@build/need /usr/include/cmocka.h
	$(build) VARIANT=asan units
	@tests/run $(or $(T),$(wildcard tests/unit/test_*.c tests/fuzz/fuzz_*.c))

.PHONY: check
check: ## build everything and run all tests
	@build/need $$(tests/run --needs)
	@$(MAKE) all
	@$(MAKE) configs CONFIG=
	@$(MAKE) tests
	@tests/run

.PHONY: lint
lint: ## walls between rooms, format, warnings of two compilers, analysers
	@tests/lint

.PHONY: format
format: ## format all C files
	@build/need clang-format-19
	@clang-format-19 -i $$(tests/lint --files)

.PHONY: docs
docs: ## write docs/letters.md and docs/reference from the tables
	$(build) VARIANT=asan docs
	@mkdir -p docs/reference
	@$(OUT)/asan/docs letters >docs/letters.md
	@for applet in $(basename $(notdir $(wildcard applets/*.c))); do $(OUT)/asan/docs $$applet >docs/reference/$$applet.md; done

.PHONY: fuzz
fuzz: ## fuzz every parser for TIME=30 seconds each, or only FUZZ=name
	$(build) VARIANT=fuzz fuzzers
	@tests/fuzz/run

.PHONY: bench
bench: all ## measure
	@tests/bench/run

.PHONY: size
size: ## bytes of each configuration against its budget, and what each option costs
	@build/size

.PHONY: check-fresh
check-fresh: ## what build/bootstrap does on a bare Debian, made by debootstrap (needs root)
	@build/fresh

.PHONY: menuconfig olddefconfig
menuconfig olddefconfig: ## choose options in a menu; complete an old .config
	@build/need $(PYTHON)
	@[ -e .config ] || cp configs/default .config
	@build/kconfig .config $(OUT)/gen
	@KCONFIG_APPLETS=$(OUT)/gen/Kconfig.applets $(PYTHON) -m $@

.PHONY: defconfig
defconfig: ## copy configs/default to .config
	@cp configs/default .config

%_defconfig: ## copy configs/NAME to .config
	@cp configs/$* .config

.PHONY: install
install: all ## install the binary and its links to DESTDIR/PREFIX/bin
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/sockbox
	for applet in $$(sed -n 's/^APPLETS =//p' $(dir $(BIN))gen/config.mk); do \
		ln -sf sockbox $(DESTDIR)$(PREFIX)/bin/$$applet || exit 1; done

.PHONY: clean
clean: ## remove what was built, but for downloads and libraries
	@find $(OUT) -mindepth 1 -maxdepth 1 ! -name dist ! -name sysroot ! -name fresh -exec rm -rf {} + 2>/dev/null || :

.PHONY: distclean
distclean: ## remove everything that was made, and .config
	rm -rf $(OUT) .config

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z_%][a-z_% -]*\):.*## \(.*\)/\1	\2/p' Makefile | awk -F '\t' '{ printf "%-24s %s\n", $$1, $$2 }'
