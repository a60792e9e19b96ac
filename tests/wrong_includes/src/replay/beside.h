#pragma once
// Two breaches on purpose: replay looks aside, and at a file that is not there.
#include "fleet/ledger.h"
#include "missing.h"
