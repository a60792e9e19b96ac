include(GoogleTest)

# warmshell_component(NAME fleet DEPENDS world): library from *.cc of the folder and its sub-folders,
# and one test program from its *_test.cc. Sources for kernels built at several vector levels end in
# _kernel.cc and are added by the folder itself.
function(warmshell_component)
  cmake_parse_arguments(ARG "" "NAME" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "(_test|_kernel|_bench|_fuzz|/main)\\.cc$")
  set(library warmshell_${ARG_NAME})
  if(sources)
    add_library(${library} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(${library} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${library} ${scope} ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${library} ${scope} fmt::fmt tl::expected Threads::Threads ${ARG_LIBRARIES})
  foreach(dependency ${ARG_DEPENDS})
    target_link_libraries(${library} ${scope} warmshell_${dependency})
  endforeach()
  if(tests)
    add_executable(test_${ARG_NAME} ${tests})
    target_link_libraries(test_${ARG_NAME} PRIVATE ${library} GTest::gtest_main nlohmann_json::nlohmann_json)
    target_compile_definitions(test_${ARG_NAME} PRIVATE WARMSHELL_ROOT=".")
    add_test(NAME ${ARG_NAME} COMMAND test_${ARG_NAME})
    set_tests_properties(${ARG_NAME} PROPERTIES WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
                         LABELS gtest)
  endif()
endfunction()

# The last three change no result; without them some selects stay branches and their loops scalar.
set(WARMSHELL_KERNEL_OPTIONS -O3 -mprefer-vector-width=512 -fno-trapping-math -fno-math-errno -Wno-psabi)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  list(APPEND WARMSHELL_KERNEL_OPTIONS -fno-thread-jumps)
endif()

# warmshell_kernel(fleet place_kernel.cc): compiles the file once per vector level into warmshell_fleet.
# The file puts its functions in a namespace called WARMSHELL_LEVEL (v2, v3 or v4) and calls nothing
# that is not always inlined. No level contracts a * b + c, so all give the same bits.
function(warmshell_kernel component file)
  get_filename_component(stem ${file} NAME_WE)
  foreach(level v2 v3 v4)
    set(target warmshell_${component}_${stem}_${level})
    add_library(${target} OBJECT ${file})
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${target} PRIVATE fmt::fmt tl::expected)
    target_compile_definitions(${target} PRIVATE WARMSHELL_LEVEL=${level})
    target_compile_options(${target} PRIVATE ${WARMSHELL_KERNEL_OPTIONS} -march=x86-64-${level})
    target_sources(warmshell_${component} PRIVATE $<TARGET_OBJECTS:${target}>)
  endforeach()
endfunction()

# warmshell_fuzz(NAME yaml_fuzz SOURCE fuzz/yaml_fuzz.cc COMPONENT text): a libFuzzer program, built
# with clang by the preset `fuzz` only.
function(warmshell_fuzz)
  cmake_parse_arguments(ARG "" "NAME;SOURCE;COMPONENT" "" ${ARGN})
  if(WARMSHELL_FUZZ)
    add_executable(${ARG_NAME} ${ARG_SOURCE})
    target_link_libraries(${ARG_NAME} PRIVATE warmshell_${ARG_COMPONENT})
    target_link_options(${ARG_NAME} PRIVATE -fsanitize=fuzzer)
  endif()
endfunction()
