#pragma once
// The steps of a month at one vector level; each file *_kernel.cc is compiled once per level.

#include "fleet/kernel_data.h"

#if WARMSHELL_LEVEL == 4
#define WARMSHELL_LEVEL_NAME level_v4
#define WARMSHELL_LEVEL_TABLE kernels_v4
#elif WARMSHELL_LEVEL == 3
#define WARMSHELL_LEVEL_NAME level_v3
#define WARMSHELL_LEVEL_TABLE kernels_v3
#else
#define WARMSHELL_LEVEL_NAME level_v2
#define WARMSHELL_LEVEL_TABLE kernels_v2
#endif

namespace warmshell::fleet::WARMSHELL_LEVEL_NAME {

void deliver(const KernelBlock& b);  // R1, R2: what is ordered, under way, delivered, gone
void supply(const KernelBlock& b);   // R1, R3, R4: room of the halls, power of the sources, tenants
void place(const KernelBlock& b);    // R2, R7 to R13: what stays, placement, crews, blame, failures
void serve(const KernelBlock& b);    // R14 to R22: markets, outclassed, sellable, megawatts, energy
void check(LedgerBlock& b);          // the ledger

}  // namespace warmshell::fleet::WARMSHELL_LEVEL_NAME
