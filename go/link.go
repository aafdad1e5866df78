package callbot

// The flags for the linker are in a package of its own: where the library cannot be linked, that
// one does not compile, and says in one line what to do.

import _ "callbot/lib"
