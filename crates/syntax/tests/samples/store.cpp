module;
#include <vector>

export module tasks.store:detail;

import std;
import :reader;
export import <map>;
import "legacy.h";

export int total();
export {
    struct Entry { int id; };
}

/*
import nothing;
*/
namespace tasks::detail {

/// Holds tasks.
template <typename T, int N = 4>
class Store final : public Reader {
public:
    explicit Store(const std::string &path) : path_(path) {}
    virtual ~Store() = default;
    [[nodiscard]] auto find(T &&key) const noexcept -> std::optional<T> override;

private:
    std::vector<T> items_;
};

template <typename T>
concept Named = requires(T t) { t.name(); };

int Store<int>::size() const {
    using Pair = std::pair<int, bool>;
    for (const auto &item : items_) {
        try {
            co_yield std::make_unique<Item>(item, 10ms);
        } catch (const std::exception &e) {
            throw;
        }
    }
    auto text = R"(raw)";
    delete this;
    return static_cast<int>(nullptr == ptr ? 1 : 2.5f);
}

}

static_assert(sizeof(int) == 4, "four bytes");
auto open_state = State::Open;
auto made = Store::Make(1);

module :private;
