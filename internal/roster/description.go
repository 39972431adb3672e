// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package roster

// rosterDescription describes the file and the options on the pages of both functions.
const rosterDescription = "OpenTofu before 1.10 configures the provider before it calls a function. With these versions, the provider needs its settings in a " +
	"provider block or in the environment, even if the configuration uses only functions.\n\n" +
	"The first line contains the column names, in any order. Column names ignore case, blanks, underscores and hyphens. The column names of " +
	"Udemy's own CSV files are accepted as well: the user list, and the file for the upload, in which `email` is the only required column. Commas, " +
	"semicolons or tabs separate the columns. Byte order marks, a line such as `sep=;` and blank lines before the header are skipped, and line ends " +
	"may be those of Windows, Unix or older Macs.\n\n" +
	"| Attribute | Column | Value |\n|---|---|---|\n" +
	"| `email` | `email`, `email address`, `user email`; required | as written |\n" +
	"| `first_name` | `first name`, `given name`, `name` | null if empty: the name is left alone |\n" +
	"| `last_name` | `last name`, `surname`, `family name` | null if empty, as for a person with one name |\n" +
	"| `external_id` | `external id` | null if empty; two lines can't have the same |\n" +
	"| `role` | `role` | `learner` (or `user`, `student`, `member`) or `admin`; null if empty. Also null for `group admin` and " +
	"`owner`, which can't be assigned: the role at Udemy is left alone. Any other role is an error |\n" +
	"| `groups` | `groups`, `group`, `group name` | a sorted list of names. Semicolons separate the names, as in Udemy's own files. A backslash escapes a " +
	"semicolon or a backslash in a name. If the cell is empty, the list is empty: the learner is in no group. Without the column, or if the cell is `*`, " +
	"the value is null: groups are not managed. Two spellings of a name that differ only in letter case or invisible characters are an error |\n" +
	"| `license_types` | `license types`, `licenses` | names, in the format of groups; null if empty |\n" +
	"| `license_pool` | `license pool`, `pool` | null if empty |\n" +
	"| `active` | `active`, `status` | `true`, `yes`, `1`, `active` or `invited`, or `false`, `no`, `0`, `deactivated` or `inactive`; `true` if empty |\n" +
	"| `udemy_id` | `udemy id`, `id` | null if empty |\n\n" +
	"The columns `start date` and `end date` have the first and the last day, such as `2026-06-30`, or are empty. They are not in the result: with the " +
	"option `today`, they decide whether a learner is in it, and `active`.\n\n" +
	"An apostrophe before a value that a spreadsheet would evaluate as a formula is not part of the value: `'=x` is `=x`. Such values begin with " +
	"`=`, `+`, `-` or `@`, or their full-width forms. A value that begins with a typographic quotation mark is an error unless an apostrophe precedes it.\n\n" +
	"Udemy's columns `group admin for` and `LMS user ID` are ignored, and so are other columns whose name contains license or course, which newer " +
	"files for the upload have. Any other column is an error, unless an option " +
	"names it. So is a file with a header and no lines, unless `min_rows` is 0.\n\n" +
	"| Option | Value |\n|---|---|\n" +
	"| `key` | the attribute whose values are the keys of the result: `email`, the default, or `external_id`. With `external_id`, every line needs one |\n" +
	"| `columns` | an object of headers in the file by attribute, such as `{ external_id = \"employee id\" }`. The usual columns of such an attribute are then " +
	"unknown columns. `start_date` and `end_date` are attributes, too |\n" +
	"| `ignore` | a list of headers to skip. `[\"*\"]` skips all columns without an attribute, and then also a column with a misspelled header |\n" +
	"| `today` | a day such as `2026-06-30`, or a timestamp. A learner whose start date is later is not in the result. A learner whose end date is " +
	"earlier has `active = false`. Without `today`, the dates are only checked |\n" +
	"| `grace_days` | the number of days that a learner stays active after the end date; 0 by default. Needs `today` |\n" +
	"| `min_rows` | the least number of lines; 1 by default. Fewer are an error, because the file may be cut off. 0 allows an empty list |\n" +
	"| `separator` | the character between columns; by default, the header decides between comma, semicolon and tab |\n\n" +
	"An option that is null has its default. An unknown option is an error. For example, these options read the file of an HR system with the columns " +
	"`email`, `first_name`, `last_name`, `employee id`, `department`, `start date`, `end date` and `groups`:\n\n" +
	"```terraform\n" +
	"locals {\n" +
	"  learners = provider::udemy::roster_json(file(\"hr.csv\"), {\n" +
	"    columns    = { external_id = \"employee id\" }\n" +
	"    ignore     = [\"department\"]\n" +
	"    today      = plantimestamp()\n" +
	"    grace_days = 14\n" +
	"    min_rows   = 900\n" +
	"  })\n" +
	"}\n" +
	"```\n\n" +
	"`terraform-provider-udemy check hr.csv` makes the same checks without Terraform, for example before a commit."
