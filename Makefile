# rootapp: GNU make on Debian 12. `make help` lists the targets.
BUILD := build
CC ?= cc
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wmissing-prototypes -Wstrict-prototypes -Wvla \
	-Wwrite-strings -Wformat=2 $(if $(WERROR),-Werror)
PACKAGES := jansson libpcre2-8
GIT_PACKAGES := libgit2 zlib # where LIBGIT2=static
# The libraries are linked statically: loading them costs more than rendering a small overlay. SHARED=1 for shared ones.
# Of libm, an optimizing compiler needs nothing that libc has not, too.
LIBRARIES = $(OFFLINE) $(if $(SHARED),,-Wl,-Bstatic) $(shell $(PKG_CONFIG) --libs $(GIT_PACKAGES) $(PACKAGES)) \
	$(if $(SHARED),,-Wl,-Bdynamic) -Wl,--as-needed -lc -lm
# libgit2 is loaded where git's objects are read. LIBGIT2=static makes it a part of the program, without its network: to load it with
# the sixteen libraries that Debian's is linked to takes 4 ms of each start.
ifeq ($(LIBGIT2),static)
OFFLINE := -Wl,--undefined=git_smart_subtransport_http # found before libgit2 is looked into
else
GIT_PACKAGES :=
NOT_HERE := lib/source/libgit2_offline.c
endif
# Packed relocations, of which tables of texts have thousands: each start of the program adjusts them.
PACKED := -Wl,-z,pack-relative-relocs
STANDARD := -std=c17 -D_POSIX_C_SOURCE=200809L -I. -Ilib $(if $(GIT_PACKAGES),-DLIBGIT2_STATIC)
override CFLAGS += $(STANDARD) $(WARNINGS) -fno-common -pthread -MMD -MP

# On macOS: what it lacks comes from macos/, and what only Linux's pods need stays away.
ifeq ($(or $(TARGET_SYSTEM),$(shell uname -s)),Darwin)
NOT_HERE += lib/base/spawn.c plugin/run/confine.c plugin/run/allowed_calls.c plugin/mirror.c $(wildcard plugin/mirror/*.c)
HERE := $(wildcard macos/*.c)
STANDARD += -D_DARWIN_C_SOURCE -Imacos -include macos/linux.h
LIBRARIES = $(shell $(PKG_CONFIG) --libs $(PACKAGES))
PACKED :=
endif

LAYERS := $(patsubst %/,%,$(wildcard lib/*/ kustomize/*/ plugin/*/)) kubernetes kustomize generator check diff plugin
SOURCES := $(filter-out $(NOT_HERE),$(foreach layer,$(LAYERS),$(wildcard $(layer)/*.c))) $(HERE)
OBJECTS := $(SOURCES:%.c=$(BUILD)/obj/%.o)
LIBRARY := $(BUILD)/librootapp.a
FUZZ_TARGETS := $(patsubst tests/fuzz/%.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
MAIN := tests/fuzz/driver.c
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))

.PHONY: all man install dist help demo setup test unit cases remote cli generator argocd property image e2e bench-argocd fuzz valgrind tsan fuzz-targets unit-tests checks apps onboarding format lint clean
all: $(BUILD)/rootapp ## builds build/rootapp

help: ## lists the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

$(BUILD)/rootapp: $(BUILD)/obj/plugin/main.o $(LIBRARY)
	$(CC) $(CFLAGS) $(PACKED) $(LDFLAGS) -o $@ $^ $(LIBRARIES)

$(LIBRARY): $(filter-out $(BUILD)/obj/plugin/main.o,$(OBJECTS))
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

# What `rootapp version -o json` tells of the commit. Only this file is compiled with it.
COMMIT ?=
$(BUILD)/obj/plugin/version.o: CFLAGS += $(if $(COMMIT),-DROOTAPP_COMMIT='"$(COMMIT)"')

$(BUILD)/unit/%: tests/unit/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(LIBRARY) $(LIBRARIES) $(shell $(PKG_CONFIG) --libs criterion)

# A program of a suite: tests/SUITE/NAME.c
$(BUILD)/tests/%: tests/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^) $(LIBRARY) $(LIBRARIES)

$(BUILD)/tests/blame/oracle: $(addprefix tests/blame/,mutants.c ask_kustomize.c mutants.h oracle.h)

$(BUILD)/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/memory_tree.c tests/fuzz/driver.c $(LIBRARY)
	$(CC) $(CFLAGS) $(LDFLAGS) -Itests/fuzz -MF $@.d -o $@ $< tests/fuzz/memory_tree.c $(MAIN) $(LIBRARY) $(LIBRARIES) $(OTHER_READER)

$(BUILD)/fuzz_libyaml: OTHER_READER := -lyaml

man: all ## writes the manual pages into build/man
	@tools/man $(BUILD)/rootapp $(BUILD)/man

PREFIX ?= /usr/local
install: all ## installs the program and what it writes into repositories, under PREFIX (/usr/local)
	@tools/install "$(DESTDIR)$(PREFIX)" $(BUILD)/rootapp

dist: ## makes a release of the commit in build/dist: programs and packages for amd64 and arm64, sources, sums
	@tools/setup dist
	@tools/dist/make $(BUILD)/dist

setup: ## installs the Debian packages that a build needs
	@tools/setup build

demo: setup ## sets up, builds, and renders this repository into build/demo
	@$(MAKE) --no-print-directory -s -j"$$(nproc)" all
	@tools/demo

test: ## sets up and runs all tests
	@tools/setup test
	@tests/run

unit: $(UNIT_TESTS) ## runs the unit tests
	@tests/unit/run $(UNIT_TESTS)

cases: all ## runs the conformance cases of tests/cases, and of ROOTAPP_CASES where that is set
	@tests/corpus/run -v

remote: all ## runs the tests with servers on the loopback interface
	@tests/remote/run

cli: all ## runs the tests of the command line
	@tests/cli/run

generator: all ## runs the generator's cases of tests/generator
	@tests/generator/run

argocd: all ## tests against Argo CD's own code (needs Go; the first time takes ten minutes)
	@tests/argocd/run

property: all ## builds random kustomizations with both programs for SECONDS (60) and shrinks what differs
	@tests/property/run --seconds $(or $(SECONDS),60)

image: all ## builds the sidecar's images, and runs them with Argo CD's own server (root, Debian 12)
	@tools/setup image
	@tests/image/run

e2e: all ## runs the scenarios inside the real Argo CD; see docs/internals/e2e.md
	@tools/setup e2e
	@tests/e2e/setup
	@tests/e2e/run

bench-argocd: all ## times refreshes inside the real Argo CD; see docs/scaling.md
	@tools/setup e2e
	@tests/e2e/setup
	@tests/bench/argocd/run

fuzz: ## runs each fuzz target for SECONDS (60) under sanitizers (clang)
	@tests/fuzz/run --seconds $(or $(SECONDS),60)

valgrind: ## looks for memory errors and leaks in all cases
	@tests/valgrind/run

tsan: ## looks for data races in parallel renders (clang)
	@tests/threads/run

fuzz-targets: $(FUZZ_TARGETS)

unit-tests: $(UNIT_TESTS)

checks: ## checks layers, headers and formatting
	@tests/checks/layers

apps: ## tests the applications and their manifests
	@tests/apps/run

onboarding: all ## runs ONBOARDING.md as a developer would
	@tests/docs/onboarding

format: ## formats the C sources
	clang-format -i $(foreach layer,$(LAYERS) tests/unit tests/fuzz,$(wildcard $(layer)/*.[ch]))

clean: ## removes build/
	rm -rf $(BUILD)

-include $(OBJECTS:.o=.d) $(UNIT_TESTS:=.d)
