#include "text/yaml.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <unordered_map>

#include "text/utf8.h"

namespace warmshell::text {

namespace {

constexpr std::size_t max_told = 100;

// libyaml counts code points; the tree counts bytes.
class ByteOffsets {
 public:
  explicit ByteOffsets(std::string_view text) : text_(text) {
    std::size_t points = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
      if (points++ % stride == 0) starts_.push_back(i);
    }
    plain_ = points == text.size();
  }

  [[nodiscard]] std::size_t of(std::size_t point) const {
    if (plain_) return std::min(point, text_.size());
    const std::size_t block = point / stride;
    if (block >= starts_.size()) return text_.size();
    return advance_code_points(text_, starts_[block], point % stride);
  }

 private:
  static constexpr std::size_t stride = 256;
  std::string_view text_;
  std::vector<std::size_t> starts_;
  bool plain_ = true;
};

// A node before aliases are copied: children by index, so that a bomb costs what is written.
struct Flat {
  Node::Kind kind = Node::Kind::scalar;
  bool quoted = false;
  std::string text;
  Place place;
  std::vector<std::uint32_t> children;  // values of a map in the order of `keys`
  std::vector<std::pair<std::string, Place>> keys;
  std::size_t nodes = 1;  // with aliases expanded
  int height = 1;
};

class Parser {
 public:
  explicit Parser(SourcePtr source) : source_(std::move(source)), offsets_(source_->text()) {
    yaml_parser_initialize(&parser_);
    const std::string_view text = source_->text();
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  ~Parser() { yaml_parser_delete(&parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  Result<Node> run() {
    bool going = true;
    while (going && out_.size() < max_told) {
      yaml_event_t event;
      if (!yaml_parser_parse(&parser_, &event)) {
        syntax_error();
        break;
      }
      going = take(event);
      yaml_event_delete(&event);
    }
    if (!out_.empty()) return tl::unexpected<Diagnostics>(std::move(out_));
    if (flat_.empty()) return make_map(Place{source_, 0, 0});
    return build(0);
  }

 private:
  // A collection that is still open.
  struct Open {
    std::uint32_t index = 0;
    std::string anchor;
    bool key_next = true;  // of a map
    bool skip_value = false;
    std::unordered_map<std::string, Place> seen;
  };

  Place place(const yaml_mark_t& begin, const yaml_mark_t& end) const {
    return {source_, static_cast<std::uint32_t>(offsets_.of(begin.index)),
            static_cast<std::uint32_t>(offsets_.of(end.index))};
  }
  Place place(const yaml_event_t& event) const { return place(event.start_mark, event.end_mark); }

  bool report(std::string code, const Place& where, std::string message, std::string help) {
    Diagnostic diagnostic = plain_error(std::move(code), std::move(message), std::move(help));
    diagnostic.where = where.span();
    out_.push_back(std::move(diagnostic));
    return true;
  }
  bool stop(std::string code, const Place& where, std::string message, std::string help) {
    report(std::move(code), where, std::move(message), std::move(help));
    return false;
  }

  void syntax_error() {
    if (parser_.error == YAML_MEMORY_ERROR) {
      report("WS0101", Place{source_, 0, 0}, "this YAML needs more memory than there is", "");
      return;
    }
    if (parser_.error == YAML_READER_ERROR) {
      const auto at =
          static_cast<std::uint32_t>(std::min(parser_.problem_offset, source_->text().size()));
      report("WS0111", Place{source_, at, at + 1}, "a control character stands in the text",
             "remove it");
      return;
    }
    const std::string problem = parser_.problem ? parser_.problem : "it cannot be read";
    const std::string context = parser_.context ? parser_.context : "";
    const auto says = [&](std::string_view words) {
      return problem.find(words) != std::string::npos;
    };
    const auto within = [&](std::string_view words) {
      return context.find(words) != std::string::npos;
    };
    const auto one_at = [&](const yaml_mark_t& mark) {
      const auto at = static_cast<std::uint32_t>(offsets_.of(mark.index));
      return Place{source_, at, at + 1};
    };
    Place where = one_at(parser_.problem_mark);
    const char found = where.begin < source_->text().size() ? source_->text()[where.begin] : ' ';
    std::string help = "check indentation, `:` and brackets here and in the line before";
    if (within("while scanning a quoted scalar") && says("unexpected end of stream")) {
      where = one_at(parser_.context_mark);
      return syntax_error(where, "a quote opens here and is never closed", "close it");
    }
    if (within("flow sequence") || within("flow mapping")) {
      const char* const bracket = within("flow sequence") ? "[" : "{";
      help = fmt::format("a `{}` opens in line {}: close it, and put commas between its entries",
                         bracket, one_at(parser_.context_mark).span().line);
    } else if (says("mapping values are not allowed")) {
      help = "put a text with `: ` in it in quotes";
    } else if (found == '\t') {
      help = "indent with spaces, not with tabs";
    } else if (says("incompatible YAML document")) {
      help = "remove this line";
    } else if (found == '%' || found == '@' || found == '`') {
      help = "put the text in quotes";
    }
    syntax_error(where, "this is not YAML: " + problem, help);
  }
  void syntax_error(const Place& where, std::string message, std::string help) {
    report("WS0101", where, std::move(message), std::move(help));
  }

  bool take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_NO_EVENT:
      case YAML_STREAM_START_EVENT:
      case YAML_DOCUMENT_END_EVENT:
        return true;
      case YAML_STREAM_END_EVENT:
        return false;
      case YAML_DOCUMENT_START_EVENT:
        if (documents_++ == 0) return true;
        return stop("WS0105", place(event), "a second document begins here",
                    "keep one document in a file: remove `---`");
      case YAML_ALIAS_EVENT:
        return alias(event);
      case YAML_SCALAR_EVENT:
        return scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        return begin(event, Node::Kind::list, event.data.sequence_start.anchor,
                     event.data.sequence_start.tag);
      case YAML_MAPPING_START_EVENT:
        return begin(event, Node::Kind::map, event.data.mapping_start.anchor,
                     event.data.mapping_start.tag);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        return end(event);
    }
    return false;
  }

  void refuse_tag(const yaml_event_t& event, const unsigned char* tag) {
    if (!tag) return;
    report("WS0104", place(event),
           fmt::format("the tag {} is not read", ticked(reinterpret_cast<const char*>(tag))),
           "remove it: the field knows its type");
  }

  bool expects_key() const {
    return !open_.empty() && flat_[open_.back().index].kind == Node::Kind::map &&
           open_.back().key_next;
  }

  bool complex_key(const yaml_event_t& event) {
    Place where = place(event);
    where.end = where.begin + 1;
    return stop("WS0106", where, "a key must be plain text", "write a name before the `:`");
  }

  bool scalar(const yaml_event_t& event) {
    const auto& data = event.data.scalar;
    std::string text(reinterpret_cast<const char*>(data.value), data.length);
    const bool is_quoted = data.style != YAML_PLAIN_SCALAR_STYLE;
    refuse_tag(event, data.tag);
    if (text.find('\0') != std::string::npos)
      report("WS0111", place(event), "an escape stands for a NUL character", "remove it");
    if (expects_key()) {
      if (data.anchor)
        report("WS0106", place(event), "a key must be plain text, without an anchor",
               "move the anchor to a value");
      return key(event, std::move(text), is_quoted);
    }
    Flat node;
    node.text = std::move(text);
    node.quoted = is_quoted;
    node.place = place(event);
    return leaf(std::move(node), data.anchor);
  }

  bool key(const yaml_event_t& event, std::string text, bool is_quoted) {
    Open& map = open_.back();
    const Place where = place(event);
    map.key_next = false;
    map.skip_value = false;
    if (!is_quoted && text == "<<") {
      map.skip_value = true;
      return report("WS0103", where, "merge keys (`<<`) are not read",
                    "write the entries out, or use a scenario that lays them over");
    }
    if (!is_quoted && text.empty()) {
      map.skip_value = true;
      return report("WS0106", where, "a key must be plain text, and here is none",
                    "write a name before the `:`");
    }
    const auto [first, fresh] = map.seen.try_emplace(text, where);
    if (!fresh) {
      map.skip_value = true;
      const SourceSpan before = first->second.span();
      return report("WS0102", where, fmt::format("the key {} stands here twice", ticked(text)),
                    fmt::format("it was first written in line {}: keep one", before.line));
    }
    flat_[map.index].keys.emplace_back(std::move(text), where);
    return true;
  }

  // What follows a refused key is read and forgotten, but its mistakes are told.
  bool attach(std::uint32_t child) {
    if (open_.empty()) return true;
    Open& parent = open_.back();
    const bool wanted = !parent.skip_value;
    if (flat_[parent.index].kind == Node::Kind::map) {
      parent.key_next = true;
      parent.skip_value = false;
    }
    if (!wanted) return true;
    Flat& holder = flat_[parent.index];
    holder.children.push_back(child);
    holder.nodes += flat_[child].nodes;
    holder.height = std::max(holder.height, flat_[child].height + 1);
    return true;
  }

  bool count(const Place& where, std::size_t nodes) {
    total_ += nodes;
    if (total_ <= max_nodes) return true;
    return stop("WS0108", where, "more than one million values, aliases counted as expanded",
                "split the portfolio, keep long tables in CSV files, or use fewer aliases");
  }

  bool leaf(Flat node, const unsigned char* anchor) {
    if (!count(node.place, 1)) return false;
    if (!deep_enough(node.place, 1)) return false;
    const auto index = static_cast<std::uint32_t>(flat_.size());
    flat_.push_back(std::move(node));
    if (anchor) anchors_[reinterpret_cast<const char*>(anchor)] = index;
    return attach(index);
  }

  bool deep_enough(const Place& where, int height) {
    if (static_cast<int>(open_.size()) + height <= max_depth) return true;
    return stop("WS0107", where, fmt::format("nested deeper than {} levels", max_depth),
                "flatten it");
  }

  bool begin(const yaml_event_t& event, Node::Kind kind, const unsigned char* anchor,
             const unsigned char* tag) {
    if (expects_key()) return complex_key(event);
    refuse_tag(event, tag);
    Place where = place(event);
    if (!deep_enough(where, 1) || !count(where, 1)) return false;
    Open level;
    level.index = static_cast<std::uint32_t>(flat_.size());
    if (anchor) level.anchor = reinterpret_cast<const char*>(anchor);
    Flat node;
    node.kind = kind;
    node.place = std::move(where);
    flat_.push_back(std::move(node));
    open_.push_back(std::move(level));
    return true;
  }

  bool end(const yaml_event_t& event) {
    const Open level = std::move(open_.back());
    open_.pop_back();
    flat_[level.index].place.end = static_cast<std::uint32_t>(offsets_.of(event.end_mark.index));
    if (!level.anchor.empty()) anchors_[level.anchor] = level.index;
    return attach(level.index);
  }

  bool alias(const yaml_event_t& event) {
    const std::string name = reinterpret_cast<const char*>(event.data.alias.anchor);
    const Place where = place(event);
    if (expects_key()) return complex_key(event);
    for (const Open& level : open_)
      if (level.anchor == name)
        return stop("WS0109", where,
                    fmt::format("the alias {} stands inside what it names", ticked(name)),
                    "a value cannot hold itself");
    const auto found = anchors_.find(name);
    if (found == anchors_.end())
      return stop("WS0110", where,
                  fmt::format("the alias {} names no anchor before it", ticked(name)),
                  fmt::format("write `&{}` before the value that is meant", name));
    const Flat& target = flat_[found->second];
    if (!count(where, target.nodes) || !deep_enough(where, target.height)) return false;
    return attach(found->second);
  }

  Node build(std::uint32_t index) const {
    const Flat& flat = flat_[index];
    Node node;
    node.kind = flat.kind;
    node.text = flat.text;
    node.quoted = flat.quoted;
    node.place = flat.place;
    if (flat.kind == Node::Kind::map) {
      node.entries.reserve(flat.children.size());
      for (std::size_t i = 0; i < flat.children.size(); ++i)
        node.entries.push_back({flat.keys[i].first, flat.keys[i].second, build(flat.children[i])});
    } else {
      node.items.reserve(flat.children.size());
      for (const std::uint32_t child : flat.children) node.items.push_back(build(child));
    }
    return node;
  }

  SourcePtr source_;
  ByteOffsets offsets_;
  yaml_parser_t parser_;
  Diagnostics out_;
  std::vector<Flat> flat_;
  std::vector<Open> open_;
  std::unordered_map<std::string, std::uint32_t> anchors_;
  std::size_t total_ = 0;
  int documents_ = 0;
};

}  // namespace

Result<Node> read_yaml(const SourcePtr& source) {
  Result<Node> node = Parser(source).run();
  // An empty document is an empty map.
  if (node && node->is_null()) return make_map(node->place);
  return node;
}

Result<Node> read_yaml(std::string name, std::string text) {
  auto source = Source::make(std::move(name), std::move(text));
  if (!source) return tl::unexpected<Diagnostics>(std::move(source.error()));
  return read_yaml(*source);
}

}  // namespace warmshell::text
