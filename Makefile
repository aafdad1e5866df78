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
TARGET ?= $(CARGO_BUILD_TARGET)
unexport CARGO_BUILD_TARGET
# Features of the package, for tests.
FEATURES ?=

DESTDIR ?=
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include

target_dir := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)
built := $(target_dir)/$(if $(TARGET),$(TARGET)/)release
stage := $(built)/stage
options := --locked --release --package callbot --target-dir '$(target_dir)' \
  $(if $(TARGET),--target $(TARGET)) $(if $(FEATURES),--features $(FEATURES))
build := packaging/remapped $(CARGO) build $(options)

release:
	$(build)

# On musl the object contains the unwinder too, since musl has none. A library that lies there from
# an earlier build is removed, so that none but the one just built is taken.
archive:
	CC='$(CC)' packaging/ready
	rm -f '$(built)/libcallbot.a'
	$(build)
	CC='$(CC)' packaging/localise '$(built)/libcallbot.a' '$(built)/package' $(if $(findstring -musl,$(TARGET)),\
	  "$$($(RUSTC) --print sysroot)/lib/rustlib/$(TARGET)/lib/self-contained/libunwind.a")

install:
	$(if $(findstring -musl,$(TARGET)),$(error no shared library is made for musl; \
	  run: make archive TARGET=$(TARGET)))
	CC='$(CC)' packaging/ready '$(PREFIX)' '$(LIBDIR)' '$(INCLUDEDIR)'
	rm -rf '$(stage)'
	packaging/remapped $(CARGO) cinstall $(options) --destdir '$(stage)' --prefix '$(PREFIX)' \
	  --libdir '$(LIBDIR)' --includedir '$(INCLUDEDIR)'
	CC='$(CC)' packaging/finish '$(stage)' '$(DESTDIR)' '$(LIBDIR)' '$(INCLUDEDIR)' '$(built)/installed'

.PHONY: release archive install
