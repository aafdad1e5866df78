// Package lib links the library callbot. It has no functions; package callbot imports it.
//
// A checkout of the repository links the library in target/release. The published module has a
// package for each platform here instead, with the platform's static library in its folder.
package lib
