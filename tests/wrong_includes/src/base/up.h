#pragma once
// A breach on purpose: base looks up. See tests/CMakeLists.txt.
#include "fleet/ledger.h"
