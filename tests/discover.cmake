# SPDX-License-Identifier: Apache-2.0
# Tells ctest what a GoogleTest program holds, suite by suite or case by case: PROGRAM, OUTPUT, BY, LABEL, PROPERTIES.
# Suites whose names begin with Long get the label long besides: they run with ./stile test --all only.
cmake_minimum_required(VERSION 3.25)
set(ENV{ASAN_OPTIONS} detect_leaks=0)
execute_process(COMMAND ${PROGRAM} --gtest_list_tests OUTPUT_VARIABLE listed TIMEOUT 60 COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE " *#[^\n]*" "" listed "${listed}")  # the values of parameters
string(REGEX MATCHALL "[^\n]+" lines "${listed}")

set(script "")
set(suite "")
foreach(line IN LISTS lines)
  set(name "")
  if(line MATCHES "^([A-Za-z0-9_/]+)\\.$")
    set(suite ${CMAKE_MATCH_1})
    if(BY STREQUAL "suites")
      set(name ${suite})
      set(filter ${suite}.*)
    endif()
  elseif(BY STREQUAL "cases" AND line MATCHES "^  ([A-Za-z0-9_/]+)$")
    set(name ${suite}.${CMAKE_MATCH_1})
    set(filter ${name})
  endif()
  if(name)
    set(labels ${LABEL})
    if(suite MATCHES "^(.*/)?Long")
      string(APPEND labels "\;long")
    endif()
    string(APPEND script "add_test(${name} \"${PROGRAM}\" --gtest_filter=${filter})\n"
      "set_tests_properties(${name} PROPERTIES LABELS ${labels} TIMEOUT 300 ${PROPERTIES})\n")
  endif()
endforeach()
file(WRITE ${OUTPUT} "${script}")
