// SPDX-License-Identifier: Apache-2.0
// A sort that leaves equals in their order. (std::stable_sort is built on what clang 19 calls
// deprecated in the standard library of g++ 12.)
#pragma once

#include <functional>
#include <iterator>
#include <list>
#include <vector>

namespace stile {

template <class T, class Projection, class Before = std::less<>>
void sort_stably(std::vector<T>& items, Projection projection, Before before = {}) {
    std::list<T> sorted(std::make_move_iterator(items.begin()),
                        std::make_move_iterator(items.end()));
    sorted.sort([&](const T& a, const T& b) {
        return before(std::invoke(projection, a), std::invoke(projection, b));
    });
    items.assign(std::make_move_iterator(sorted.begin()), std::make_move_iterator(sorted.end()));
}

}  // namespace stile
