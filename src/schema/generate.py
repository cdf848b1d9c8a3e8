#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the C records, the SQL of both databases, the access table and the reference page
from the declarations in this folder. GDBus's code generator is the precedent."""

import argparse
import pathlib
import re
import sys
import tomllib

FIELD_KEYS = {"name", "type", "enum", "required", "min", "max", "unit", "class", "merge", "doc"}
RECORD_KEYS = {"doc", "scope", "scope_by", "merge", "read", "write", "fields", "indexes"}
TYPES = {
    # type: (C enum, SQLite column, PostgreSQL column)
    "string": ("STRING", "TEXT", "text"),
    "text": ("TEXT", "TEXT", "text"),
    "json": ("JSON", "TEXT", "text"),
    "date": ("DATE", "TEXT", "text"),
    "int": ("INT", "INTEGER", "bigint"),
    "time": ("TIME", "INTEGER", "bigint"),
    "bool": ("BOOL", "INTEGER", "bigint"),
    "enum": ("ENUM", "INTEGER", "bigint"),
    "real": ("REAL", "REAL", "double precision"),
    "id": ("ID", "BLOB", "bytea"),
}
SCOPES = ["roster", "measurement", "alert", "plan", "note", "restricted-note", "equipment", "configuration",
          "audit", "private", "review"]
MERGES = ["fact", "register", "version", "command"]
SCOPE_BY = ["global", "centre", "patient"]
MAX_FIELDS = 62


def fail(message):
    sys.exit(f"schema: {message}")


def camel(name):
    return "".join(part.capitalize() for part in re.split("[-_]", name))


def upper(name):
    return name.replace("-", "_").upper()


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def load(paths):
    enums, records, access, roles = {}, {}, {}, {}
    for path in paths:
        with open(path, "rb") as file:
            data = tomllib.load(file)
        access.update(data.get("class", {}))
        roles.update(data.get("role", {}))
        for name, enum in data.get("enum", {}).items():
            enums[name] = enum
        for name, record in data.get("record", {}).items():
            record["file"] = pathlib.Path(path).name
            records[name] = record
    return enums, records, access, roles


def check_field(kind, field, enums, classes):
    where = f"{kind}.{field.get('name', '?')}"
    unknown = set(field) - FIELD_KEYS
    if unknown:
        fail(f"{where}: unknown key {sorted(unknown)}")
    if field.get("type") not in TYPES:
        fail(f"{where}: type must be one of {sorted(TYPES)}")
    if field["type"] == "enum" and field.get("enum") not in enums:
        fail(f"{where}: enum {field.get('enum')} is not declared")
    if field.get("class", "open") not in classes:
        fail(f"{where}: class {field['class']} is not declared in access.toml")
    if not field.get("doc"):
        fail(f"{where}: doc is missing")
    if not re.fullmatch("[a-z][a-z0-9_]*", field["name"]):
        fail(f"{where}: names are lower case with _")


def check(enums, records, classes, roles):
    for kind, record in records.items():
        unknown = set(record) - RECORD_KEYS - {"file"}
        if unknown:
            fail(f"{kind}: unknown key {sorted(unknown)}")
        if record["scope"] not in SCOPES or record["merge"] not in MERGES or record["scope_by"] not in SCOPE_BY:
            fail(f"{kind}: scope, merge or scope_by is not a known word")
        if len(record["fields"]) > MAX_FIELDS:
            fail(f"{kind}: at most {MAX_FIELDS} fields")
        for role in record["read"] + record["write"]:
            if role not in roles:
                fail(f"{kind}: role {role} is not declared in access.toml")
        names = [field["name"] for field in record["fields"]]
        if len(set(names)) != len(names):
            fail(f"{kind}: a field stands twice")
        for field in record["fields"]:
            check_field(kind, field, enums, classes)
        for columns in record.get("indexes", []):
            for column in columns:
                if column not in names:
                    fail(f"{kind}: index on unknown field {column}")


def enum_type(name):
    return "Fyr" + camel(name)


HEADER_TOP = """/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Made by src/schema/generate.py; change the declarations there. */
#pragma once

#include "fyr-record.h"

G_BEGIN_DECLS
"""


def header_enum(name, enum):
    lines = [f"/**\n * {enum_type(name)}:\n *\n * {enum['doc']}. 0 is unset.\n */", "typedef enum {",
             f"  FYR_{upper(name)}_UNSET = 0,"]
    for number, value in enumerate(enum["values"], 1):
        lines.append(f"  FYR_{upper(name)}_{upper(value)} = {number},")
    lines += [f"}} {enum_type(name)};",
              f"#define FYR_{upper(name)}_LAST {len(enum['values'])}",
              f"extern const FyrEnumInfo fyr_{name}_info;", ""]
    return "\n".join(lines)


def c_type(field):
    return {"string": "const char *", "text": "const char *", "json": "const char *", "date": "const char *",
            "id": "const char *", "int": "gint64 ", "time": "gint64 ", "bool": "gboolean ",
            "real": "double "}.get(field["type"]) or enum_type(field["enum"]) + " "


def getter(kind, field):
    type_name, prefix, name = "Fyr" + camel(kind), f"fyr_{kind}", field["name"]
    index = f"FYR_{upper(kind)}_{upper(name)}"
    access = {"real": "real", "int": "int", "time": "int", "bool": "int", "enum": "int"}.get(field["type"], "string")
    ctype, record = c_type(field), "FYR_RECORD (self)"
    out = [f"static inline {ctype}\n{prefix}_get_{name} ({type_name} *self)\n{{\n"
           f"  return ({ctype.strip()}) fyr_record_get_{access} ({record}, {index});\n}}\n",
           f"static inline void\n{prefix}_set_{name} ({type_name} *self, {ctype}value)\n{{\n"
           f"  fyr_record_set_{access} ({record}, {index}, value);\n}}\n"]
    if field["type"] in ("real", "int", "time"):
        out.append(f"static inline gboolean\n{prefix}_has_{name} ({type_name} *self)\n{{\n"
                   f"  return fyr_record_is_set ({record}, {index});\n}}\n")
    return "\n".join(out)


def header_record(kind, record):
    type_name = "Fyr" + camel(kind)
    lines = [f"/**\n * {type_name}:\n *\n * {record['doc']}.\n */", "enum {"]
    lines += [f"  FYR_{upper(kind)}_{upper(field['name'])}," for field in record["fields"]]
    lines += [f"  FYR_{upper(kind)}_N_FIELDS", "};",
              f"typedef struct _{type_name} {{\n  FyrRecord parent_instance;\n}} {type_name};",
              f"extern const FyrRecordInfo fyr_{kind}_info;",
              f"#define FYR_TYPE_{upper(kind)} (fyr_record_info_get_type (&fyr_{kind}_info))",
              f"#define FYR_{upper(kind)}(obj) (({type_name} *) (FyrRecord *) (obj))",
              f"#define FYR_IS_{upper(kind)}(obj) (fyr_record_is_a (obj, &fyr_{kind}_info))",
              f"G_DEFINE_AUTOPTR_CLEANUP_FUNC ({type_name}, g_object_unref)",
              f"static inline {type_name} *\nfyr_{kind}_new (void)\n{{\n"
              f"  return ({type_name} *) fyr_record_new (&fyr_{kind}_info);\n}}\n"]
    lines += [getter(kind, field) for field in record["fields"]]
    return "\n".join(lines)


def make_header(enums, records):
    parts = [HEADER_TOP]
    parts += [header_enum(name, enum) for name, enum in enums.items()]
    parts += [header_record(kind, record) for kind, record in records.items()]
    parts.append("G_END_DECLS\n")
    return "\n".join(parts)


def columns_sql(record, column):
    rows = []
    for field in record["fields"]:
        bounds = " NOT NULL" if field.get("required") else ""
        rows.append(f"{field['name']} {TYPES[field['type']][column]}{bounds}")
    return rows


def create_sql(kind, record, column):
    key = "BLOB" if column == 1 else "bytea"
    integer = "INTEGER" if column == 1 else "bigint"
    tail = " WITHOUT ROWID" if column == 1 else ""
    rows = [f"id {key} PRIMARY KEY NOT NULL", f"version {integer} NOT NULL"] + columns_sql(record, column) + ["extra TEXT"]
    # "user" and "limit" are words of SQL: every table name is quoted.
    statements = [f'CREATE TABLE "{kind}" ({", ".join(rows)}){tail}']
    for columns in record.get("indexes", []):
        name = f"{kind}_by_{'_'.join(columns[:3])}"
        statements.append(f'CREATE INDEX "{name}" ON "{kind}" ({", ".join(columns)})')
    return ";\n".join(statements) + ";"


def record_sql(kind, record):
    names = ["id", "version"] + [field["name"] for field in record["fields"]] + ["extra"]
    select = ", ".join(names)
    marks = ", ".join(f"?{i}" for i in range(1, len(names) + 1))
    updates = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    upsert = f'INSERT INTO "{kind}" ({select}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {updates}'
    insert = f'INSERT INTO "{kind}" ({select}) VALUES ({marks})'
    return select, insert, upsert


def roles_mask(names, roles):
    order = list(roles)
    return " | ".join(f"(1u << FYR_ROLE_{upper(name)})" for name in order if name in names) or "0"


def source_field(field):
    required = "TRUE" if field.get("required") else "FALSE"
    has_min, has_max = "min" in field, "max" in field
    enum = f"&fyr_{field['enum']}_info" if field["type"] == "enum" else "NULL"
    return (f"  {{ {quote(field['name'])}, {quote(field['name'].replace('_', '-'))}, FYR_FIELD_{TYPES[field['type']][0]}, {required}, "
            f"{'TRUE' if has_min else 'FALSE'}, {field.get('min', 0)}, {'TRUE' if has_max else 'FALSE'}, {field.get('max', 0)}, "
            f"{quote(field.get('unit', ''))}, FYR_FIELD_CLASS_{upper(field.get('class', 'open'))}, "
            f"{'TRUE' if field.get('merge') == 'clinical' else 'FALSE'}, {enum}, {quote(field['doc'])} }},")


def source_record(kind, record, roles):
    select, insert, upsert = record_sql(kind, record)
    names = [field["name"] for field in record["fields"]]
    patient = names.index("patient_id") if "patient_id" in names else -1
    centre = names.index("centre_id") if "centre_id" in names else -1
    lines = [f"static const FyrFieldInfo {kind}_fields[] = {{"]
    lines += [source_field(field) for field in record["fields"]]
    lines += ["};", f"const FyrRecordInfo fyr_{kind}_info = {{",
              f"  .kind = {quote(kind)},", f"  .type_name = \"Fyr{camel(kind)}\",", f"  .doc = {quote(record['doc'])},",
              f"  .scope = FYR_SCOPE_CLASS_{upper(record['scope'])},", f"  .scope_by = FYR_SCOPE_BY_{upper(record['scope_by'])},",
              f"  .merge = FYR_MERGE_{upper(record['merge'])},",
              f"  .fields = {kind}_fields,", f"  .n_fields = G_N_ELEMENTS ({kind}_fields),",
              f"  .patient_field = {patient},", f"  .centre_field = {centre},",
              f"  .read_roles = {roles_mask(record['read'], roles)},",
              f"  .write_roles = {roles_mask(record['write'], roles)},",
              f"  .create_sqlite = {quote(create_sql(kind, record, 1))},".replace("\n", '"\n    "'),
              f"  .create_postgresql = {quote(create_sql(kind, record, 2))},".replace("\n", '"\n    "'),
              f"  .columns_sql = {quote(select)},", f"  .insert_sql = {quote(insert)},", f"  .upsert_sql = {quote(upsert)},", "};", ""]
    return "\n".join(lines)


def source_enum(name, enum):
    values = ", ".join(quote(value) for value in ["", *enum["values"]])
    return (f"static const char *const {name}_codes[] = {{ {values} }};\n"
            f"const FyrEnumInfo fyr_{name}_info = {{ {quote(name)}, {name}_codes, {len(enum['values'])} }};\n")


def source_access(roles, classes):
    lines = ["const FyrRoleAccess fyr_role_access[] = {", "  { 0, 0, 0 },"]
    for role in roles.values():
        read = " | ".join(f"(1u << FYR_FIELD_CLASS_{upper(name)})" for name in classes if "r" in role.get(name, ""))
        write = " | ".join(f"(1u << FYR_FIELD_CLASS_{upper(name)})" for name in classes if "w" in role.get(name, "")) or "0"
        scopes = " | ".join(f"(1u << FYR_SCOPE_CLASS_{upper(name)})" for name in role["scopes"])
        lines.append(f"  {{ {read}, {write}, {scopes} }},")
    lines += ["};", "const guint fyr_n_role_access = G_N_ELEMENTS (fyr_role_access);", ""]
    return "\n".join(lines)


def make_source(enums, records, classes, roles):
    parts = ["/* SPDX-License-Identifier: GPL-3.0-or-later */",
             "/* Made by src/schema/generate.py; change the declarations there. */",
             '#include "fyr-records.h"', '#include "fyr-access-table.h"', ""]
    parts += [source_enum(name, enum) for name, enum in enums.items()]
    parts += [source_record(kind, record, roles) for kind, record in records.items()]
    parts.append("const FyrRecordInfo *const fyr_record_infos[] = {")
    parts += [f"  &fyr_{kind}_info," for kind in records]
    parts += ["};", "const guint fyr_n_record_infos = G_N_ELEMENTS (fyr_record_infos);", "", source_access(roles, classes)]
    return "\n".join(parts)


def make_reference(enums, records, classes, roles):
    out = ["# Record kinds", "", "Made from the declarations in this folder by `generate.py`; do not edit.", ""]
    for kind, record in records.items():
        out += [f"## {kind}", "", f"{record['doc']}.", "",
                f"Declared in `{record['file']}`; scope {record['scope']} by {record['scope_by']}; merges as {record['merge']}; "
                f"read by {', '.join(record['read'])}; written by {', '.join(record['write'])}.", "",
                "| field | type | bounds | class | what |", "| --- | --- | --- | --- | --- |"]
        for field in record["fields"]:
            bounds = [] if not field.get("required") else ["required"]
            bounds += [f"≥{field['min']}"] if "min" in field else []
            bounds += [f"≤{field['max']}"] if "max" in field else []
            kind_of = f"enum {field['enum']}" if field["type"] == "enum" else field["type"]
            kind_of += f" ({field['unit']})" if field.get("unit") else ""
            out.append(f"| {field['name']} | {kind_of} | {' '.join(bounds)} | {field.get('class', 'open')} | {field['doc']} |")
        out.append("")
    out += ["## Enumerations", "", "| name | values (numbered from 1, append only) | what |", "| --- | --- | --- |"]
    out += [f"| {name} | {', '.join(enum['values'])} | {enum['doc']} |" for name, enum in enums.items()]
    out += ["", "## Roles and data classes", "", "| role | " + " | ".join(classes) + " | scopes |", "| --- " * (len(classes) + 2) + "|"]
    out += [f"| {name} | " + " | ".join(role.get(c, "–") for c in classes) + f" | {', '.join(role['scopes'])} |" for name, role in roles.items()]
    out += ["", "| class | what |", "| --- | --- |"] + [f"| {name} | {text} |" for name, text in classes.items()] + [""]
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outdir", type=pathlib.Path, required=True)
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    enums, records, classes, roles = load(options.files)
    check(enums, records, classes, roles)
    if list(roles) != enums["role"]["values"]:
        fail("the roles in access.toml and enum.role must be the same, in the same order")
    options.outdir.mkdir(parents=True, exist_ok=True)
    (options.outdir / "fyr-records.h").write_text(make_header(enums, records))
    (options.outdir / "fyr-records.c").write_text(make_source(enums, records, classes, roles))
    (options.outdir / "schema-reference.md").write_text(make_reference(enums, records, classes, roles))


if __name__ == "__main__":
    main()
