# SPDX-License-Identifier: MIT
#
# One binary: the sources and libraries that one configuration asks for, in one variant (flags.mk).
# The Makefile runs this with VARIANT, CONFIG and OUT; everything comes out in $(O).

KCONFIG := $(if $(CONFIG),configs/$(CONFIG),$(firstword $(wildcard .config) configs/default))
ifeq ($(wildcard $(KCONFIG)),)
$(error there is no $(KCONFIG); there are $(notdir $(wildcard configs/*)))
endif

O := $(OUT)$(if $(CONFIG),/$(CONFIG))$(if $(filter-out static,$(VARIANT)),/$(VARIANT))
GEN := $(O)/gen
OBJ := $(O)/obj
DIST ?= $(OUT)/dist
SYSROOTS ?= $(OUT)/sysroot
JOBS ?= $(shell nproc)

include build/flags.mk

ifeq ($(VARIANT),static)
ifneq ($(findstring clang,$(CC)),)
$(error the static build needs gcc, whose specs file it uses; make CC=$(CC) host works)
endif
endif

$(shell build/kconfig $(KCONFIG) $(GEN) && echo fine >$(GEN)/status || rm -f $(GEN)/status)
ifeq ($(wildcard $(GEN)/status),)
$(error build/kconfig could not read $(KCONFIG))
endif
include $(GEN)/config.mk

ROOMS := base table sys pkt tui live
SRC := $(sort $(wildcard core/*.c $(ROOMS:%=core/%/*.c))) $(APPLETS:%=applets/%.c)
MAIN := $(OBJ)/core/main.o
OBJS := $(filter-out $(MAIN),$(SRC:%.c=$(OBJ)/%.o))

# What each option needs. A library that nothing refers to costs nothing in the binary.
libs-$(CONFIG_CAPTURE) += libpcap
libs-$(CONFIG_BPF_LIBBPF) += libbpf elfutils zlib
libs-$(CONFIG_QUIC) += bearssl
libs-$(CONFIG_GZIP) += zlib
libs-$(CONFIG_ZSTD) += zstd
LIBS := $(sort $(libs-y))
# In the order of the link: who uses comes before who is used.
archive = $(if $(filter $(1),$(LIBS)),$(SYSROOT)/lib/$(2))
ARCHIVES := $(strip $(call archive,libpcap,libpcap.a) $(call archive,libbpf,libbpf.a) $(call archive,elfutils,libelf.a) \
	$(call archive,zlib,libz.a) $(call archive,zstd,libzstd.a) $(call archive,bearssl,libbearssl.a))

CPPFLAGS_ALL := -I. -I$(GEN) -include $(GEN)/config.h $(DEFS)
CFLAGS_ALL = $(STD) $(CODE-$(VARIANT))
say = $(if $(V),,@printf '  %-6s %s\n' $(1) $@;)

.PHONY: binary objects FORCE
.DELETE_ON_ERROR:
binary: $(O)/sockbox
objects: $(OBJS)

# Builds the libraries if need be; its date changes only then.
$(SYSROOT)/ready: FORCE
	+@$(DEPS_ENV) DIST=$(DIST) LLD=$(LLD) JOBS=$(JOBS) build/deps $(SYSROOT) $(LIBS)

# A change of compiler or flags compiles everything anew.
$(O)/flags: FORCE
	@mkdir -p $(O)
	@echo '$(subst ','\'',$(COMPILE) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(WARN) $(LINK-$(VARIANT)) $(EXTRA_CFLAGS))' >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# What runs once a row is compiled for speed, where the configuration spends bytes on it.
HOT := base/addr base/buf sys/conn sys/netlink sys/sock_inet sys/sock_row \
	table/column table/escape table/filter_test table/render table/sink_line table/sink_table
$(HOT:%=$(OBJ)/core/%.o): CODE-static += $(if $(filter y,$(CONFIG_FAST_ROWS)),-O2)

$(OBJ)/core/pkt/%.o: WARN += -Wsign-conversion
compile = $(COMPILE) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(WARN) $(EXTRA_CFLAGS) -MMD -MP -c $< -o $@

$(OBJ)/%.o: %.c $(O)/flags $(SYSROOT)/ready
	@mkdir -p $(@D)
	$(call say,CC)$(compile)

# The binary names the libraries that are in it, which is known only when it has been linked. So it is linked
# twice: once to get the linker's map, with a main.o that names none, and then for good.
$(OBJ)/probe.o: core/main.c $(GEN)/probe/build_info.h $(O)/flags $(SYSROOT)/ready
	@mkdir -p $(@D)
	@$(subst -I$(GEN),-I$(GEN)/probe -I$(GEN),$(compile))
$(MAIN): $(GEN)/build_info.h
$(GEN)/probe/build_info.h: $(GEN)/config.txt VERSION build/build-info
	@mkdir -p $(@D)
	@build/build-info $(GEN)/config.txt >$@
$(GEN)/build_info.h: $(O)/probe.map $(GEN)/config.txt VERSION build/build-info build/deps.lock
	@build/build-info $(GEN)/config.txt $(O)/probe.map >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

link = $(COMPILE) $(CODE-$(VARIANT)) $(LINK-$(VARIANT)) $(filter %.o,$^) $(ARCHIVES)
$(O)/probe.map: $(OBJ)/probe.o $(OBJS)
	@$(link) -Wl,-Map=$@ -o $(O)/probe
	@rm $(O)/probe

ifeq ($(VARIANT),static)
$(O)/sockbox.full: $(MAIN) $(OBJS)
	$(call say,LINK)$(link) -o $@
$(O)/sockbox: $(O)/sockbox.full
	@$$($(CC) -print-prog-name=strip) -s -R .comment -R .note.gnu.property -o $@ $<
else
$(O)/sockbox: $(MAIN) $(OBJS)
	$(call say,LINK)$(link) -o $@
endif

include build/tests.mk build/lint.mk
-include $(OBJS:.o=.d) $(MAIN:.o=.d) $(OBJ)/probe.d
