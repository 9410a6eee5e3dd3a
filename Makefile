# rootapp: GNU make.   make, make test, make demo, make help
BUILD := build
CC ?= cc
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wmissing-prototypes -Wstrict-prototypes -Wvla \
	-Wwrite-strings -Wformat=2 $(if $(WERROR),-Werror)
PACKAGES := yaml-0.1 libpcre2-8
LIBRARIES := $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null) -lmbedcrypto -lm
override CFLAGS += -std=c17 -D_POSIX_C_SOURCE=200809L -I. -Ilib $(WARNINGS) -fno-common -pthread -MMD -MP \
	$(shell $(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null)

LAYERS := lib/base lib/yaml lib/source kustomize generator plugin
SOURCES := $(foreach layer,$(LAYERS),$(wildcard $(layer)/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/obj/%.o)
LIBRARY := $(BUILD)/librootapp.a

all: $(BUILD)/rootapp

$(BUILD)/rootapp: $(BUILD)/obj/plugin/main.o $(LIBRARY)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES)

$(LIBRARY): $(filter-out $(BUILD)/obj/plugin/main.o,$(OBJECTS))
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

clean:
	rm -rf $(BUILD)

.PHONY: all clean
-include $(OBJECTS:.o=.d)
