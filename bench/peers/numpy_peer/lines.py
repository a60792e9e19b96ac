"""The graph of lines on a chunk of paths, month by month.

Nodes that are known before the run are folded; nodes of one kind whose operands lie side by side are
worked out together, as rows of one array; what nobody needs in a month is left out, and a product with
a plain zero is a plain zero. A value is None (zero on every path), a column of numbers, or rows.
"""

import numpy as np

from rows import as_rows

FOLD = {"subtract": np.subtract, "multiply": np.multiply, "divide": np.divide, "minimum": np.minimum, "maximum": np.maximum}
WIDE = 8  # a sum of more is one product of a vector and rows


class Place:
    """Where a node's value stands: row `row` of `group`."""

    __slots__ = ("group", "row")

    def __init__(self, group, row):
        self.group, self.row = group, row


class Given:
    """Rows that the fleet or the world hands in: set every month."""

    value = None


class Known:
    """Numbers by month, [node][month]; `value` is this month's column."""

    def __init__(self, months):
        self.rows, self.months, self.nodes = [], months, []

    def add(self, monthly):
        self.rows.append(np.broadcast_to(np.asarray(monthly, dtype=float), (self.months,)))
        return Place(self, len(self.rows) - 1)

    def close(self):
        self.table = np.array(self.rows).reshape(-1, self.months)
        self.columns = np.ascontiguousarray(self.table.T)[:, :, None]

    def month(self, month):
        self.value = self.columns[month]


class Operand:
    """The k-th operands of a group's nodes, all of one group."""

    def __init__(self, places):
        self.group = places[0].group
        self.rows = as_rows([p.row for p in places])

    def read(self):
        value = self.group.value
        return None if value is None else value[self.rows]

    def read_known(self):
        """As read(), but None where every number is zero."""
        value = self.group.value[self.rows]
        return value if value.any() else None


class Group:
    def __init__(self, operation, nodes, places, graph, width):
        self.operation, self.nodes = operation, nodes
        self.rows = np.zeros((len(nodes), width))
        self.value = None
        first = graph.nodes[nodes[0]]
        self.operands = []
        if operation in ("sum", "dot") and len(nodes) == 1 and len(first["operands"]) > WIDE:
            self.runs = self.find_runs(first, places, graph)
            self.evaluate = self.sum_of_runs
        else:
            self.operands = [Operand([places[graph.nodes[n]["operands"][k]] for n in nodes]) for k in range(len(first["operands"]))]
            self.evaluate = getattr(self, "do_" + operation, self.arithmetic)
            self.function = FOLD.get(operation)
        self.reads = [operand.read_known if isinstance(operand.group, Known) else operand.read for operand in self.operands]
        needed = [graph.nodes[n]["needed"] for n in nodes if "needed" in graph.nodes[n]]
        self.needed = np.any(needed, axis=0) if needed else np.ones(graph.months, dtype=bool)
        self.lag, self.graph = first["item"], graph
        if operation == "lag":
            self.ring = np.zeros((self.lag + 1, len(nodes), width))
        self.scratch = np.zeros((len(nodes), width))

    def find_runs(self, node, places, graph):
        """Pairs of factors and rows, by the group that the rows are of; a sum's factors are 1."""
        operands = node["operands"]
        pairs = list(zip(operands[::2], operands[1::2])) if node["operation"] == "dot" else [(None, o) for o in operands]
        by_group = {}
        for factor, o in pairs:
            weight = 1.0 if factor is None else graph.nodes[factor]["value"]
            by_group.setdefault(id(places[o].group), (places[o].group, []))[1].append((places[o].row, weight))
        runs = []
        for group, rows in by_group.values():
            rows.sort()
            runs.append((group, as_rows([r for r, _ in rows]) if len({r for r, _ in rows}) == len(rows) else np.array([r for r, _ in rows]),
                         np.array([w for _, w in rows])))
        return runs

    # ---- by operation; each leaves self.value

    def begin(self):
        self.value = None
        if self.operation in ("running_sum", "running_maximum"):
            self.rows.fill(0)
        if self.operation == "lag":
            self.ring.fill(0)
        self.begun = False

    def sum_of_runs(self, month):
        out, begun = self.rows, False
        for group, rows, weights in self.runs:
            value = group.value
            if value is None:
                continue
            value = value[rows]
            if value.shape[1] == 1:
                number = weights @ value[:, 0]
                if number == 0:
                    continue
                np.add(out, number, out=out) if begun else out.fill(number)
            elif begun:
                np.add(out[0], weights @ value, out=out[0])
            else:
                np.matmul(weights, value, out=out[0])
            begun = True
        self.value = out if begun else None

    def arithmetic(self, month):
        a, b = self.reads[0](), self.reads[1]()
        name = self.operation
        if name == "multiply":
            self.value = None if a is None or b is None else np.multiply(a, b, out=self.rows)
        elif a is None and (b is None or name == "divide"):
            self.value = None
        elif name == "subtract":
            if b is None:
                np.copyto(self.rows, a)
            else:
                np.negative(b, out=self.rows) if a is None else np.subtract(a, b, out=self.rows)
            self.value = self.rows
        else:
            self.value = self.function(0.0 if a is None else a, 0.0 if b is None else b, out=self.rows)

    def do_sum(self, month):
        values = [x for x in (read() for read in self.reads) if x is not None]
        self.value = self.rows if values else None
        if len(values) == 1:
            np.copyto(self.rows, values[0])
        elif values:
            np.add(values[0], values[1], out=self.rows)
            for x in values[2:]:
                np.add(self.rows, x, out=self.rows)

    def do_dot(self, month):
        reads, begun = self.reads, False
        for factor, read in zip(reads[::2], reads[1::2]):
            f, x = factor(), read()
            if f is None or x is None:
                continue
            if begun:
                np.add(self.rows, np.multiply(f, x, out=self.scratch), out=self.rows)
            else:
                np.multiply(f, x, out=self.rows)
            begun = True
        self.value = self.rows if begun else None

    def do_running_sum(self, month):
        if not self.begun:
            before = self.reads[1]()
            if before is not None:
                np.copyto(self.rows, before)
            self.begun = True
        now = self.reads[0]()
        if now is not None:
            np.add(self.rows, now, out=self.rows)
        self.value = self.rows

    def do_running_maximum(self, month):
        now = self.reads[0]()
        self.value = np.maximum(self.rows, 0 if now is None else now, out=self.rows)

    def do_lag(self, month):
        now, at = self.reads[0](), month % (self.lag + 1)
        if now is None:
            self.ring[at].fill(0)
        else:
            np.copyto(self.ring[at], now)
        self.value = self.ring[(month + 1) % (self.lag + 1)] if month >= self.lag else None

    def do_resale(self, month):
        age = self.reads[0]()
        self.value = self.graph.curve(np.zeros_like(self.rows) if age is None else age)


class Schedules:
    """Parts of the month in spans of dates (overlap, share): most are over or whole in most months."""

    def __init__(self, nodes, places, graph, width):
        self.nodes, self.places, self.graph = nodes, places, graph
        self.rows = np.zeros((len(nodes), width))
        self.start, self.end, self.length = np.zeros((3, len(nodes), width))
        self.is_share = np.array([graph.nodes[n]["operation"] == "share" for n in nodes], dtype=bool)
        self.value = None

    def begin(self):
        start, end = self.start, self.end
        for i, n in enumerate(self.nodes):
            a, b = self.graph.nodes[n]["operands"]
            start[i], end[i] = self.graph.dates(a), self.graph.dates(b)
        with np.errstate(invalid="ignore"):  # never less never
            np.subtract(end, start, out=self.length)
        months = self.graph.months
        lives = (end > start) & (start < months) & (end > 0)
        outside = lambda x, other: np.where(lives, x, other)
        self.first = outside(start, np.inf).min(axis=1)
        self.last = outside(end, -np.inf).max(axis=1)
        self.whole_from = outside(start, -np.inf).max(axis=1)  # from here on ...
        self.whole_to = outside(end, np.inf).min(axis=1)  # ... and up to here no path changes
        # spans of one kind on every path: a month, or on beyond the horizon
        never = ~lives
        self.month_long = ((np.abs(self.length - 1) < 1e-12) | never).all(axis=1)
        self.open_end = (((end >= months) & ~self.is_share[:, None]) | never).all(axis=1) & ~self.month_long
        # a span that is none must give nothing, whatever its dates say
        start[never] = np.inf
        self.rows.fill(0)
        self.state = np.zeros(len(self.nodes), dtype=int)  # 0: rows are zero, 1: they move, 2: whole

    def month(self, month):
        inside = (self.first < month + 1) & (self.last > month)
        whole = inside & (self.whole_from <= month) & (self.whole_to >= month + 1)
        now = np.where(whole, 2, np.where(inside, 1, 0))
        over = np.flatnonzero((now == 0) & (self.state != 0))
        if len(over):
            self.rows[over] = 0
        moving = np.flatnonzero((now == 1) | ((now == 2) & (self.state != 2)))
        month_long, open_end = self.month_long[moving], self.open_end[moving]
        rows = moving[month_long]
        if len(rows):  # a month from some date on: 1 less the distance of that date
            part = self.start[rows]
            np.subtract(part, month, out=part)
            np.abs(part, out=part)
            np.subtract(1, part, out=part)
            self.rows[rows] = np.maximum(part, 0, out=part)
        rows = moving[open_end]
        if len(rows):
            part = self.start[rows]
            np.subtract(month + 1, part, out=part)
            self.rows[rows] = np.clip(part, 0, 1, out=part)
        rows = moving[~(month_long | open_end)]
        if len(rows):
            part = np.minimum(self.end[rows], month + 1)
            np.subtract(part, np.maximum(self.start[rows], month), out=part)
            np.maximum(part, 0, out=part)
            shares = self.is_share[rows]
            if shares.any():
                length = self.length[rows[shares]]
                part[shares] = np.divide(part[shares], length, out=np.zeros_like(length), where=part[shares] > 0)
            self.rows[rows] = part
        self.state = now
        self.value = self.rows if now.any() else None
