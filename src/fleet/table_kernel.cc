#include "fleet/kernel_steps.h"

namespace warmshell::fleet {

const KernelTable WARMSHELL_LEVEL_TABLE{WARMSHELL_LEVEL_NAME::deliver, WARMSHELL_LEVEL_NAME::supply,
                                        WARMSHELL_LEVEL_NAME::place, WARMSHELL_LEVEL_NAME::serve,
                                        WARMSHELL_LEVEL_NAME::check};

}  // namespace warmshell::fleet
