package layout

import "slices"

// around is how many unchanged lines are shown before and after a changed one.
const around = 2

// ChangedLines returns the lines that differ between two texts, with - and + before them, and those around them.
func ChangedLines(before, after []string) []string {
	all := diff(before, after)
	var out []string
	skipped := false
	for n, line := range all {
		near := all[max(0, n-around):min(len(all), n+around+1)]
		if !slices.ContainsFunc(near, func(l string) bool { return l[0] != ' ' }) {
			skipped = true
			continue
		}
		if skipped {
			out = append(out, "  ...")
		}
		skipped = false
		out = append(out, line)
	}
	return out
}

// maxTable bounds the memory of diff. A larger change is shown as all old lines and all new ones.
const maxTable = 4 << 20

// diff returns the lines of both texts, with "- ", "+ " or blanks before them.
func diff(before, after []string) []string {
	head, tail := 0, 0
	for head < len(before) && head < len(after) && before[head] == after[head] {
		head++
	}
	for tail < len(before)-head && tail < len(after)-head && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	out := marked(nil, "  ", before[:head])
	out = append(out, middle(before[head:len(before)-tail], after[head:len(after)-tail])...)
	return marked(out, "  ", before[len(before)-tail:])
}

func marked(out []string, mark string, lines []string) []string {
	for _, line := range lines {
		out = append(out, mark+line)
	}
	return out
}

// middle is diff by the longest common subsequence.
func middle(before, after []string) []string {
	if (len(before)+1)*(len(after)+1) > maxTable {
		return marked(marked(nil, "- ", before), "+ ", after)
	}
	common := make([][]int32, len(before)+1)
	for i := range common {
		common[i] = make([]int32, len(after)+1)
	}
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if before[i] == after[j] {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	var out []string
	for i, j := 0, 0; i < len(before) || j < len(after); {
		switch {
		case i < len(before) && j < len(after) && before[i] == after[j]:
			out = append(out, "  "+before[i])
			i, j = i+1, j+1
		case j == len(after) || i < len(before) && common[i+1][j] >= common[i][j+1]:
			out = append(out, "- "+before[i])
			i++
		default:
			out = append(out, "+ "+after[j])
			j++
		}
	}
	return out
}
