// Package bench measures what the server costs, always against something bare in the same run, so that the figures mean
// the same on another machine: `make bench`.
//
// Nothing here fails because it was slow. A newcomer's usual mistake is to compare figures of two runs: the machine was
// not the same one. Compare ratios.
package bench
