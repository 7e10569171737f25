// A test program in the middle of its work: starts a cluster, says where and which process it is,
// and waits to be killed.
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "cloud/store/testing/cluster.h"

int main() {
  const std::string& directory = osect::store::testing::Cluster::get().directory();
  int server = 0;
  std::ifstream(directory + "/data/postmaster.pid") >> server;
  std::printf("%s %d\n", directory.c_str(), server);
  std::fflush(stdout);
  pause();
}
