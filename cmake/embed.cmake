# cmake -DOUTPUT=f.cc -DFOLDER=dir -P embed.cmake: every CSV of the folder as a C++ raw string, so
# that the program needs no file when it runs.
file(GLOB files ${FOLDER}/*.csv)
list(SORT files)
set(body "#include \"catalog/embedded.h\"\n\nnamespace warmshell::catalog {\nnamespace {\nconst EmbeddedFile all_files[] = {\n")
foreach(path IN LISTS files)
  get_filename_component(name ${path} NAME_WE)
  file(READ ${path} text)
  string(APPEND body "{\"${name}\", R\"csv(${text})csv\"},\n")
endforeach()
string(APPEND body "};\n}  // namespace\n\nstd::span<const EmbeddedFile> embedded_files() { return all_files; }\n\n}  // namespace warmshell::catalog\n")
file(WRITE ${OUTPUT} "${body}")
