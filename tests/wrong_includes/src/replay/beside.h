#pragma once
// Two breaches on purpose: replay looks aside, and at a file that is not there.
#include "beside.h"
#include "fleet/ledger.h"
