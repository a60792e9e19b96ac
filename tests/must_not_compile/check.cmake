# cmake -DCOMPILER=... -DSOURCES=src -DCASE=file.cc -P check.cmake
# The case compiles as it stands (the control) and no longer with -DWRONG.
function(compile result_name output_name)
  execute_process(
    COMMAND ${COMPILER} -std=c++20 -fsyntax-only -I${SOURCES} ${ARGN} ${CASE}
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  set(${result_name} ${result} PARENT_SCOPE)
  set(${output_name} "${output}" PARENT_SCOPE)
endfunction()

compile(control control_output)
if(NOT control EQUAL 0)
  message(FATAL_ERROR "the control does not compile:\n${control_output}")
endif()
compile(wrong wrong_output -DWRONG)
if(wrong EQUAL 0)
  message(FATAL_ERROR "this must not compile, and does: ${CASE}")
endif()
if(NOT wrong_output MATCHES "error: ")
  message(FATAL_ERROR "refused, but not by the compiler:\n${wrong_output}")
endif()
