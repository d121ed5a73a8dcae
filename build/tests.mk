# SPDX-License-Identifier: MIT
#
# What the tests run, besides the binaries themselves. Included by binary.mk.
#
# A unit test or a fuzz target is one file, linked with an archive of everything but core/main.c.

UNIT := $(patsubst tests/%.c,$(O)/%,$(wildcard tests/unit/test_*.c))
FUZZERS := $(patsubst tests/%.c,$(O)/%,$(wildcard tests/fuzz/fuzz_*.c))
HELPERS := $(patsubst tests/%.c,$(OUT)/%,$(wildcard tests/helper/*.c))

.PHONY: tests units fuzzers docs
docs: $(O)/docs
units: $(UNIT) $(FUZZERS) $(HELPERS) $(O)/docs
tests: units $(O)/sockbox
fuzzers: $(FUZZERS)

$(O)/core.a: $(OBJS)
	@rm -f $@
	@ar Dcrs $@ $^

TEST_WARN := -Wall -Wextra -Wno-unused-parameter $(filter -Werror,$(WARN))
link-test = $(COMPILE) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(TEST_WARN) -MMD -MP -MF $@.d -MT $@ \
	$(filter %.c,$^) $(O)/core.a $(ARCHIVES) -o $@

$(O)/unit/%: tests/unit/%.c $(O)/core.a
	@mkdir -p $(@D)
	$(call say,TEST)$(link-test) -lcmocka

ifeq ($(VARIANT),fuzz)
$(O)/fuzz/%: tests/fuzz/%.c $(O)/core.a
	@mkdir -p $(@D)
	$(call say,FUZZ)$(link-test) -fsanitize=fuzzer
else
# Without libFuzzer: the recorded inputs are fed once.
$(O)/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(O)/core.a
	@mkdir -p $(@D)
	$(call say,FUZZ)$(link-test)
endif

# Prints the parts of docs/ that come from the tables.
$(O)/docs: build/docs.c $(O)/core.a
	$(call say,DOCS)$(link-test)

$(OUT)/helper/%: tests/helper/%.c
	@mkdir -p $(@D)
	$(call say,HELPER)gcc -g -O1 $(STD) $(DEFS) $(TEST_WARN) -I. -MMD -MP -MF $@.d -MT $@ $< -o $@

-include $(O)/docs.d $(UNIT:=.d) $(FUZZERS:=.d) $(HELPERS:=.d)
