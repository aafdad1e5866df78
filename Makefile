# For those who pass the libraries on: see docs/install.md. `cargo build --release` builds them for
# use in place.
#
#   make release     the libraries, without paths of this machine in them
#   make archive     the static library as one object of which only callbot_* is global
#   make install     everything, to DESTDIR and PREFIX; needs cargo-c

export CARGO ?= cargo
export RUSTC ?= rustc
CC ?= cc
# The platform, as rustc names it; empty for the machine's own.
TARGET ?=
# Features of the package, for tests.
FEATURES ?=

DESTDIR ?=
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include

target_dir := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)
built := $(target_dir)/$(if $(TARGET),$(TARGET)/)release
options := --locked --release --package callbot $(if $(TARGET),--target $(TARGET)) \
  $(if $(FEATURES),--features $(FEATURES))

release:
	packaging/remapped $(CARGO) build $(options)

# On musl the object contains the unwinder too, since musl has none.
archive: release
	packaging/localise '$(built)/libcallbot.a' '$(built)/package' $(if $(findstring -musl,$(TARGET)),\
	  "$$($(RUSTC) --print sysroot)/lib/rustlib/$(TARGET)/lib/self-contained/libunwind.a")

install:
	packaging/remapped $(CARGO) cinstall $(options) --destdir '$(or $(DESTDIR),/)' --prefix '$(PREFIX)' \
	  --libdir '$(LIBDIR)' --includedir '$(INCLUDEDIR)'
	CC='$(CC)' packaging/finish '$(DESTDIR)$(LIBDIR)' '$(DESTDIR)$(INCLUDEDIR)' '$(built)/installed'

.PHONY: release archive install
