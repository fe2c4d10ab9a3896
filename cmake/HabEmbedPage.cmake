# SPDX-License-Identifier: Apache-2.0
# Makes one self-contained HTML page of page.html, page.css and page.js, and a C++ header with it and the
# Content-Security-Policy that lets exactly this script and this style in.
# Usage: cmake -DDIR=folder -DOUT=header -P HabEmbedPage.cmake
cmake_minimum_required(VERSION 3.25)

# SHA-256 of a text as CSP writes it: base64 of the hash.
function(csp_hash result text)
    string(SHA256 hex "${text}")
    set(alphabet "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    set(base64 "")
    # Three hexadecimal digits are two of base64; 64 digits leave one over, which counts four bits of six.
    foreach(at RANGE 0 60 3)
        string(SUBSTRING "${hex}" ${at} 3 digits)
        math(EXPR high "0x${digits} >> 6")
        math(EXPR low "0x${digits} & 63")
        string(SUBSTRING "${alphabet}" ${high} 1 first)
        string(SUBSTRING "${alphabet}" ${low} 1 second)
        string(APPEND base64 "${first}${second}")
    endforeach()
    string(SUBSTRING "${hex}" 63 1 digit)
    math(EXPR last "0x${digit} << 2")
    string(SUBSTRING "${alphabet}" ${last} 1 letter)
    set(${result} "'sha256-${base64}${letter}='" PARENT_SCOPE)
endfunction()

file(READ ${DIR}/page.html page)
file(READ ${DIR}/page.css style)
file(READ ${DIR}/page.js script)
csp_hash(style_hash "${style}")
csp_hash(script_hash "${script}")
string(REPLACE "@STYLE@" "${style}" page "${page}")
string(REPLACE "@SCRIPT@" "${script}" page "${page}")
# `connect-src`: only the gateway itself. Trusted types: nothing can turn text into HTML.
set(policy "default-src 'none'; script-src ${script_hash}; style-src ${style_hash}; connect-src 'self'; img-src data:; ")
string(APPEND policy "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; ")
string(APPEND policy "trusted-types 'none'")
file(WRITE ${OUT}
    "// Made by HabEmbedPage.cmake.\n#pragma once\n"
    "#include <string_view>\n"
    "inline constexpr std::string_view status_page_html = R\"hab-page(${page})hab-page\";\n"
    "inline constexpr std::string_view status_page_policy = \"${policy}\";\n")
