package lint

import "github.com/cadre-hq/cadre/internal/diag"

// Rules lists every rule, by code. It must not be changed.
var Rules = []*Rule{
	// Syntax.
	&frontMatter,
	&placeholder,
	&headingJump,
	&boldHeading,
	&misspeltHeading,
	&notText,
	&unclosed,
	&splitList,
	&unbalancedBracket,
	&trailingBlanks,
	&doubleBlanks,
	&blankLines,
	&description,
	&suppression,
	&unusedSuppression,
	// Structure, links and references.
	&overview,
	&pagePath,
	&emptySection,
	&emptyLink,
	&missingAnchor,
	&missingPage,
	&missingPageAnchor,
	&redirectedLink,
	&circularLink,
	&absoluteLink,
	&internalHost,
	&linkText,
	&emptyFragment,
	&ambiguousHeading,
	&duplicateLink,
	&sectionOwner,
	&levelNesting,
	&generatedSection,
	&sectionName,
	&familyFirst,
	&unlistedPage,
	&duplicateFamily,
	// Levels, grades, ladders and hiring.
	&missingResponsibilities,
	&missingRequirements,
	&mandatoryRequirement,
	&missingIndicators,
	&missingGrade,
	&missingProcess,
	&missingLadder,
	&missingReporting,
	&missingSpan,
	&levelOrder,
	&repeatedDuties,
	&intermediateTitle,
	&specialtyLevels,
	&segment,
	&delegatedRequirements,
	&gradeScale,
	&gradeSubject,
	&marketExamples,
	&reportingLink,
	&titleGrammar,
	&reportingUnknown,
	&reportingCycle,
	&reportingLower,
	&specialtyReporting,
	&specialtyManager,
	&levelElsewhere,
	&spanConflict,
	&spanPolicy,
	&screeningCall,
	&processFrame,
	&missingStep,
	&peoplePartner,
	&duplicateStep,
	&ordinalGap,
	&vagueStep,
	&interviewerUnknown,
	&interviewerBelow,
	&identicalProcess,
	&ladderDown,
	&ladderRedirect,
	&indicatorCount,
	&indicatorsTwice,
	&indicatorLink,
	&indicatorScope,
	&indicatorHeading,
	&splitIndicator,
	&hierarchyUnknown,
	&stagesDiffer,
	&doubleOwnership,
	// Wording and fairness.
	&vacancyTone,
	&requiredLocation,
	&yearsOfExperience,
	&entryExperience,
	&wordBalance,
	&genderedWords,
	&vagueWords,
	&secondPerson,
}

// Find returns the rule with a code, or nil.
func Find(code diag.Code) *Rule { return find(Rules, code) }

func find(rules []*Rule, code diag.Code) *Rule {
	for _, r := range rules {
		if r.Code == code {
			return r
		}
	}
	return nil
}

// codes lists the codes of rules.
func codes(rules []*Rule) []string {
	list := make([]string, len(rules))
	for i, r := range rules {
		list[i] = string(r.Code)
	}
	return list
}
