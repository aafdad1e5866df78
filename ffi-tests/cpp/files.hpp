// Reads the vectors: files and folders. See vectors/README.md.
#ifndef FILES_HPP
#define FILES_HPP

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "check.hpp"

namespace files {

using std::filesystem::path;

inline std::string read(const path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        check::fail(__FILE__, __LINE__, "cannot read " + path.string());
    }
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Calls `one` with the folder of every vector of a kind, such as "signature". Checks that these are
// the folders of MANIFEST.
template <class Function>
void for_each_vector(const path& vectors, const std::string& kind, Function one) {
    std::set<std::string> listed;
    std::ifstream manifest(vectors / "MANIFEST");
    for (std::string line; std::getline(manifest, line);) {
        if (line.rfind(kind + "/", 0) == 0) {
            CHECK(listed.insert(line).second);
        }
    }
    CHECK(!listed.empty());

    std::set<std::string> there;
    for (const auto& entry : std::filesystem::directory_iterator(vectors / kind)) {
        there.insert(kind + "/" + entry.path().filename().string());
    }
    CHECK(listed == there);

    for (const std::string& folder : listed) {
        one(vectors / folder);
    }
    std::printf("%zu vectors of %s\n", listed.size(), kind.c_str());
}

}  // namespace files

#endif  // FILES_HPP
