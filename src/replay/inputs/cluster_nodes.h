#pragma once
// Inside the reader of clusters: the nodes of a group that are listed in a file, one a row, under
// the header `sn,cpu_milli,memory_mib,gpu,model`.

#include <string>

#include "replay/inputs/cluster.h"

namespace warmshell::replay {

constexpr std::size_t most_nodes = 1'000'000;  // of a cluster

// Adds the nodes of `group.list`, looked for beside the cluster, then in `data_folder`; what is
// wrong is told, each row by its place.
void read_node_list(const NodesRecord& group, int row, const text::Folder* beside,
                    const std::string& data_folder, Machine& machine, Diagnostics& told);

}  // namespace warmshell::replay
