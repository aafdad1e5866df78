# For those who pass the libraries on: `make release` builds them as `cargo build --release` does, but
# without the paths of this machine. Rust writes the path of each source file that may panic into the
# library, and those of the dependencies lie in the builder's home. Cargo has no stable setting
# against that which holds on every machine (the profile's `trim-paths` is unstable, and a path in
# .cargo/config.toml cannot refer to the home), so the flags are made here.

CARGO ?= cargo
RUSTC ?= rustc
# The platform, as rustc names it; empty for the machine's own.
TARGET ?=
# Features of the package, for tests.
FEATURES ?=

target_dir := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)
built := $(target_dir)/$(if $(TARGET),$(TARGET)/)release
package := $(built)/package

# The variable's separator is the byte 31, since a path may contain spaces. Of several prefixes that
# match, the last one counts.
release:
	@set -eu; \
	$(CARGO) fetch --locked; \
	separator=$$(printf '\037'); \
	flags=$$(printf '%s' "$${RUSTFLAGS:-}" | tr -s ' ' '\037'); \
	map() { flags=$${flags:+$$flags$$separator}--remap-path-prefix=$$1=$$2; }; \
	home=$${CARGO_HOME:-$$HOME/.cargo}; \
	map "$$home" /cargo; \
	for registry in "$$home"/registry/src/*; do map "$$registry" /cargo; done; \
	map "$$($(RUSTC) --print sysroot)/lib/rustlib/src/rust" /rust; \
	map "$$(pwd -P)" /callbot; \
	map "$(target_dir)" /target; \
	CARGO_ENCODED_RUSTFLAGS=$$flags $(CARGO) build --locked --release --package callbot \
		$(if $(TARGET),--target $(TARGET)) $(if $(FEATURES),--features $(FEATURES))

# The static library as one object of which only callbot_* is global, in the folder `package`. On
# musl it contains the unwinder too, since musl has none.
archive: release
	@set -eu; \
	sysroot=$$($(RUSTC) --print sysroot); \
	unwinder=; \
	case '$(TARGET)' in *-musl*) unwinder=$$sysroot/lib/rustlib/$(TARGET)/lib/self-contained/libunwind.a ;; esac; \
	packaging/localise '$(built)/libcallbot.a' '$(package)' $${unwinder:+"$$unwinder"}

.PHONY: release archive
