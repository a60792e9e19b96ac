"""Compiles an exported graph of lines into groups (lines.py) and runs it over the months of a chunk."""

import numpy as np

from lines import FOLD, Given, Group, Known, Place, Schedules
from rows import as_rows


def resale_curve(finance):
    """Share of its price that a chip of some age keeps, on arrays of ages."""
    if finance["constant_fall"]:
        return lambda age: np.exp(finance["log_keep"] * age)
    by_year = np.array(finance["resale_by_year"])
    slope, last = np.diff(by_year), len(by_year) - 2

    def curve(age):
        year = age * (1 / 12)
        whole = np.minimum(year.astype(np.intp), last)
        year -= whole
        year *= slope.take(whole)
        year += by_year.take(whole)
        return year

    return curve


class Graph:
    """`imports`: the graph that imported nodes are of; it must have done the month before."""

    def __init__(self, model, raw, width, shared, sums, imports=None):
        self.m, self.raw, self.nodes, self.width = model, raw, raw["nodes"], width
        self.months, self.curve = model.months, resale_curve(model.finance)
        self.known, self.given = Known(model.months), {}
        self.path_rows = Given()
        self.path_nodes, self.places = [], [None] * len(self.nodes)
        self.find_leaves(shared, imports)
        self.find_groups()
        self.known.close()
        self.path_rows.value = np.zeros((len(self.path_nodes), width))
        self.lines_by_group = self.by_group((i, line["node"]) for i, line in enumerate(raw["lines"]))
        self.cash_by_group = [(group, as_rows(rows)) for group, _, rows in self.by_group(
            (i, line["node"]) for i, line in enumerate(raw["lines"]) if line["kind"] in ("cash", "terminal"))]
        self.sums = sums  # [line][month], over paths
        # by month and path, money
        self.net, self.balance, self.operating, self.revenue, self.flows, self.sizes = np.zeros((6, self.months, width))
        bare = self.nodes[raw["npv_without_terminal"]]
        self.operating_node = bare["operands"][0] if "operands" in bare else raw["net_cash"]

    def by_group(self, nodes):
        """[(group, numbers, rows)] of (number, node)."""
        found = {}
        for number, node in nodes:
            place = self.places[node]
            group = found.setdefault(id(place.group), (place.group, [], []))
            group[1].append(number)
            group[2].append(place.row)
        return list(found.values())

    # ---- compiling

    def find_leaves(self, shared, imports):
        """Places of what is known, given, or depends on dates alone."""
        self.later = []  # the rest, in order
        self.schedule_nodes = []
        for n, node in enumerate(self.nodes):
            operation, shape = node["operation"], node["shape"]
            known = [self.places[o] is not None and self.places[o].group is self.known for o in node.get("operands", [])]
            if shape == "constant":
                self.places[n] = self.known.add(node["value"])
            elif shape == "month":
                self.places[n] = self.known.add(node["monthly"])
            elif operation == "column":
                self.places[n] = self.column(node, shared)
            elif operation == "imported":
                self.places[n] = imports.places[node["item"]]
            elif node["after_months"]:
                continue  # present values: finish()
            elif shape == "path":
                self.places[n] = Place(self.path_rows, len(self.path_nodes))
                self.path_nodes.append(n)
            elif operation in ("overlap", "share"):
                self.schedule_nodes.append(n)
            elif known and all(known) and operation != "resale":
                self.places[n] = self.known.add(self.fold(node))
            else:
                self.later.append(n)
        # beside each other where one sum reads them
        order, seen = [], set()
        for node in self.nodes:
            if node["operation"] in ("sum", "dot") and node["shape"] == "month_path":
                order += [o for o in node["operands"] if self.nodes[o]["operation"] in ("overlap", "share") and not (o in seen or seen.add(o))]
        wanted = [n for n in order + [n for n in self.schedule_nodes if n not in seen] if self.nodes[n]["shape"] == "month_path"]
        self.schedules = Schedules(wanted, self.places, self, self.width)
        for row, n in enumerate(wanted):
            self.places[n] = Place(self.schedules, row)

    def column(self, node, shared):
        m, kind, item = self.m, node["column"], node["item"]
        if kind in shared:
            row = m.source_at[item] if kind == "price_per_mwh" else item
            return self.known.add(shared[kind][:, row])
        if kind == "busy":
            kind, item = ("busy", item // m.lots), m.lot_at[item % m.lots]
        elif kind in ("delivered", "gone", "installed", "delivered_age"):
            item = m.lot_at[item]
        elif kind in ("price_per_mwh", "source_energised_mw", "source_energy_mwh"):
            item = m.source_at[item]
        elif kind in ("energy_mwh", "used_mw", "installing_mw", "idle_lit_mw"):
            item = m.site_at[item]
        elif kind == "let_live_mw":
            item = m.hall_at[item]
        return Place(self.given.setdefault(kind, Given()), item)

    def fold(self, node):
        x = [self.known.rows[self.places[o].row] for o in node["operands"]]
        operation = node["operation"]
        if operation == "sum":
            return np.sum(x, axis=0)
        if operation == "dot":
            return sum(a * b for a, b in zip(x[::2], x[1::2]))
        if operation == "running_sum":
            return x[1][0] + np.cumsum(x[0])
        if operation == "running_maximum":
            return np.maximum.accumulate(np.maximum(x[0], 0))
        if operation == "lag":
            return np.concatenate([np.zeros(node["item"]), x[0][:-node["item"]]])
        return FOLD[operation](*x)

    def find_groups(self):
        self.groups, left = [], self.later
        while left:
            ready, wait, now = {}, [], set(left)
            for n in left:
                node = self.nodes[n]
                operands = node["operands"]
                if any(o in now for o in operands):
                    wait.append(n)
                    continue
                read = [o for k, o in enumerate(operands)]
                wide = node["operation"] in ("sum", "dot") and len(operands) > 8
                kind = (node["operation"], node["item"], tuple(id(self.places[o].group) for o in read), tuple(node.get("needed", ())), n if wide else -1)
                ready.setdefault(kind, []).append(n)
            for nodes in ready.values():
                group = Group(self.nodes[nodes[0]]["operation"], nodes, self.places, self, self.width)
                self.groups.append(group)
                for row, n in enumerate(nodes):
                    self.places[n] = Place(group, row)
            left = wait

    # ---- running

    def dates(self, n):
        place = self.places[n]
        return place.group.value[place.row] if place.group is self.path_rows else self.known.rows[place.row][0]

    def begin(self, gates):
        rows = self.path_rows.value
        for row, n in enumerate(self.path_nodes):
            node = self.nodes[n]
            if node["operation"] == "gate":
                rows[row] = gates[node["item"]]
                continue
            x = [self.dates(o) for o in node["operands"]]
            if node["operation"] == "sum":
                rows[row] = sum(x)
            elif node["operation"] == "dot":
                rows[row] = sum(a * b for a, b in zip(x[::2], x[1::2]))
            else:
                rows[row] = FOLD[node["operation"]](*x)
        self.schedules.begin()
        for group in self.groups:
            group.begin()

    def month(self, month):
        """`given` holds the rows of the month."""
        self.known.month(month)
        self.schedules.month(month)
        for group in self.groups:
            if group.needed[month]:
                group.evaluate(month)
        self.copy(self.raw["net_cash"], self.net[month])
        for group, lines, rows in self.lines_by_group:
            value = group.value
            if value is not None:
                sums = value.sum(axis=1) * (self.width if value.shape[1] == 1 else 1)
                self.sums[lines, month] += sums[rows]

    def keep_cash(self, month):
        """What the month's cash is made of, for the balance and its check."""
        self.copy(self.raw["cumulative_cash"], self.balance[month])
        self.copy(self.operating_node, self.operating[month])
        for k, node in enumerate(self.raw["revenue"]):
            self.copy(node, self.revenue[month]) if k == 0 else self.add_to(node, self.revenue[month])
        flows, sizes = self.flows[month], self.sizes[month]
        flows.fill(0)
        sizes.fill(0)
        for group, rows in self.cash_by_group:
            if group.value is not None:
                value = group.value[rows]
                np.add(flows, np.add.reduce(value, axis=0), out=flows)
                np.add(sizes, np.add.reduce(np.abs(value), axis=0), out=sizes)

    def copy(self, n, out):
        place = self.places[n]
        out[:] = 0 if place.group.value is None else place.group.value[place.row]

    def add_to(self, n, out):
        place = self.places[n]
        if place.group.value is not None:
            np.add(out, place.group.value[place.row], out=out)

    def worth(self, flows):
        """Present value, [path]."""
        return self.m.discount @ flows
