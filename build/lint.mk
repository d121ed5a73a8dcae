# SPDX-License-Identifier: MIT
#
# Source by source checks, each remembered by a stamp, so that only what has changed is looked at again.
# Included by binary.mk; tests/lint runs these with VARIANT=host.
#
#   lint-clang  the warnings of the other compiler (gcc's are errors in every build with DEV=1)
#   lint-tidy   clang-tidy

# A build_info.h that names no libraries will do: it needs no link.
LINT_CPP := -I$(GEN)/probe $(CPPFLAGS_ALL) $(STD)

.PHONY: lint-clang lint-tidy
lint-clang: $(SRC:%=$(O)/lint/%.clang)
lint-tidy: $(SRC:%=$(O)/lint/%.tidy)

$(O)/lint/core/pkt/%.clang: WARN += -Wsign-conversion
$(O)/lint/%.clang: % $(O)/flags $(GEN)/probe/build_info.h
	@mkdir -p $(@D)
	@$(CLANG) -O1 $(LINT_CPP) $(WARN) $(CLANG_WARN) -Werror -fsyntax-only -MD -MP -MF $@.d -MT $@ $<
	@touch $@

# clang-tidy makes no list of the headers, so clang's preprocessor does.
$(O)/lint/%.tidy: % .clang-tidy $(O)/flags $(GEN)/probe/build_info.h
	@mkdir -p $(@D)
	@$(CLANG:clang%=clang-tidy%) --quiet $< -- $(LINT_CPP) 2>$@.err || { cat $@.err; exit 1; }
	@$(CLANG) $(LINT_CPP) -M -MP -MF $@.d -MT $@ $<
	@touch $@

-include $(SRC:%=$(O)/lint/%.clang.d) $(SRC:%=$(O)/lint/%.tidy.d)
