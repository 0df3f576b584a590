/* Customizable contraction hierarchies: order the nodes once, then any weights, then very short queries.
 *
 *   topology   the order of dissection.c -> chordal supergraph     no weights: only who is joined with whom
 *   metric     up[e], down[e]                                      one pass over all triangles for each set of weights
 *   query      distance, path, table                               climb the elimination tree from both ends; no heap
 *
 * (Dibbelt, Strasser & Wagner 2016, "Customizable contraction hierarchies", ACM J. Exp. Algorithmics 21, 1.5.)
 *
 * Words. The rank of a node is its place in the order. Nodes are eliminated by rising rank, and eliminating a node
 * joins all its higher neighbours with each other; all edges that ever exist are the chordal supergraph. Edge e joins
 * the rank edge_tail[e] with the higher rank up_head[e]. The edges of tail x are up_first[x] .. up_first[x+1]-1, by
 * rising head. An edge has two weights: up[e] from tail to head, down[e] from head to tail. The parent of a rank is its
 * lowest higher neighbour. In the tree of the parents all higher neighbours of a rank are its ancestors, so on the way
 * from it to the root depth[] names each of them uniquely: searches keep labels by depth, in arrays as short as the
 * tree is high.
 *
 * Conventions of types, infinities, ownership and threads are in kernels.h. Ids are ranks unless they are called nodes.
 */
#include "kernels.h"

enum { NOBODY = -1, TOO_MANY_EDGES = -2, DAMAGED = -4 };

/* ---------------------------------------------------------------------------------- elimination tree and supergraph */

/* out_parent[x] = lowest higher neighbour of x in the supergraph, NOBODY for a root: found without the supergraph, by
 * joining trees with path compression (Liu 1990, "The role of elimination trees in sparse factorization"). */
static int find_parents(int32_t n, const int32_t *first, const int32_t *head, const int32_t *order, const int32_t *rank,
                        int32_t *out_parent)
{
    int32_t *root = new_array(n, sizeof *root);
    if (!root) return KERUEN_NO_MEMORY;
    for (int32_t w = 0; w < n; w++) {
        out_parent[w] = root[w] = NOBODY;
        for (int32_t a = first[order[w]]; a < first[order[w] + 1]; a++) {
            int32_t x = rank[head[a]];
            while (x < w) {
                const int32_t up = root[x];
                root[x] = w;
                if (up == NOBODY) out_parent[x] = w;
                x = up == NOBODY ? w : up;
            }
        }
    }
    free(root);
    return KERUEN_OK;
}

/* Renumbers so that every subtree is a range of ranks that ends with its root (a postorder). The supergraph stays the
 * same, but what a query touches then lies together in memory. Changes order, rank and parent. */
static int renumber_subtrees(int32_t n, int32_t *order, int32_t *rank, int32_t *parent)
{
    int32_t *size = new_array(n, sizeof *size), *top = new_array(n, sizeof *top), *old = new_array(n, sizeof *old);
    int status = size && top && old ? KERUEN_OK : KERUEN_NO_MEMORY;
    if (!status) {
        int32_t free_top = n; /* ranks from here on are given out; top[x]: the same within the subtree of x */
        for (int32_t x = 0; x < n; x++) size[x] = 1;
        for (int32_t x = 0; x < n; x++)
            if (parent[x] != NOBODY) size[parent[x]] += size[x];
        for (int32_t x = n - 1; x >= 0; x--) {
            int32_t *above = parent[x] == NOBODY ? &free_top : &top[parent[x]];
            old[*above - 1] = x;
            rank[order[x]] = top[x] = *above - 1;
            *above -= size[x];
        }
        memcpy(size, order, (size_t)n * sizeof *size);
        memcpy(top, parent, (size_t)n * sizeof *top);
        for (int32_t x = 0; x < n; x++) {
            const int32_t up = top[old[x]];
            parent[x] = up == NOBODY ? NOBODY : rank[size[up]];
            order[x] = size[old[x]];
        }
    }
    free(size);
    free(top);
    free(old);
    return status;
}

/* Plans the supergraph of an undirected graph (no loops, each edge listed once at both ends) for an order of its nodes,
 * which is changed to an equivalent one: the parent of each rank, and where its edges begin, up_first[n + 1]. Returns
 * the number of edges or a negative status.
 *
 * The tails of the edges into w are the ranks on the ways in the tree from the lower neighbours of w up to w (the row
 * subtrees of Liu 1990), so counting and listing them takes one step per edge. */
KERUEN_API int64_t keruen_hierarchy_plan(int32_t n, const int32_t *first, const int32_t *head, int32_t *order,
                                         int32_t *out_rank, int32_t *out_parent, int32_t *out_up_first)
{
    int64_t edges = 0;
    int32_t *reached = new_array(n, sizeof *reached); /* the last w whose subtree has come by */
    int status = reached ? KERUEN_OK : KERUEN_NO_MEMORY;
    for (int32_t x = 0; x < n; x++) out_rank[order[x]] = x;
    if (!status) status = find_parents(n, first, head, order, out_rank, out_parent);
    if (!status) status = renumber_subtrees(n, order, out_rank, out_parent);
    if (!status) {
        memset(out_up_first, 0, ((size_t)n + 1) * sizeof *out_up_first);
        memset(reached, 0xff, (size_t)n * sizeof *reached);
        for (int32_t w = 0; w < n; w++)
            for (int32_t a = first[order[w]]; a < first[order[w] + 1]; a++)
                for (int32_t x = out_rank[head[a]]; x < w && reached[x] != w; x = out_parent[x]) {
                    reached[x] = w;
                    out_up_first[x + 1]++;
                    edges++;
                }
        for (int32_t x = 0; x < n && edges <= INT32_MAX; x++) out_up_first[x + 1] += out_up_first[x];
    }
    free(reached);
    return status ? status : edges <= INT32_MAX ? edges : TOO_MANY_EDGES;
}

/* Lists the edges as planned: heads, rising at each tail, and tails; the edges into each rank w, out_down_edge[
 * out_down_first[w]] .. out_down_edge[out_down_first[w + 1] - 1]; and the depth of each rank below its root. */
KERUEN_API int keruen_hierarchy_edges(int32_t n, const int32_t *first, const int32_t *head, const int32_t *order,
                                      const int32_t *rank, const int32_t *parent, const int32_t *up_first,
                                      int32_t *out_up_head, int32_t *out_edge_tail, int32_t *out_down_first,
                                      int32_t *out_down_edge, int32_t *out_depth)
{
    int32_t edges = 0, *next = new_array(n, sizeof *next), *reached = out_depth;
    if (!next) return KERUEN_NO_MEMORY;
    memcpy(next, up_first, (size_t)n * sizeof *next);
    memset(reached, 0xff, (size_t)n * sizeof *reached);
    for (int32_t w = 0; w < n; w++) {
        out_down_first[w] = edges;
        for (int32_t a = first[order[w]]; a < first[order[w] + 1]; a++)
            for (int32_t x = rank[head[a]]; x < w && reached[x] != w; x = parent[x]) {
                const int32_t e = next[x]++;
                reached[x] = out_up_head[e] = w;
                out_edge_tail[e] = x;
                out_down_edge[edges++] = e;
            }
    }
    out_down_first[n] = edges;
    for (int32_t x = n - 1; x >= 0; x--) out_depth[x] = parent[x] == NOBODY ? 0 : out_depth[parent[x]] + 1;
    free(next);
    return KERUEN_OK;
}

/* ------------------------------------------------------------------------------------------------ what queries read */

/* The arrays of a hierarchy and of one metric on it. The arcs that lie on edge e are edge_arc[edge_first_arc[e]] ..
 * edge_arc[edge_first_arc[e+1]-1]; arc_up[arc] tells whether an arc leads to the higher rank. */
typedef struct {
    int32_t n, height;
    const int32_t *rank, *parent, *depth, *up_first, *up_head, *edge_tail, *down_first, *down_edge;
    const int32_t *edge_first_arc, *edge_arc;
    const uint8_t *arc_up;
    const double *weight, *up, *down;
} Metric;

static inline double lesser(double a, double b) { return a < b ? a : b; }

/* ------------------------------------------------------------------------------------------------ metric: customize */

enum { TOGETHER = 4 };

/* Offers to the edges from y the ways over k lower neighbours x, given by their edges xy[]. All of them have the same
 * count of neighbours z above y, which are the ends of the edges that follow xy[i]. */
static inline void relax_triangles(const int k, const int32_t *xy, int32_t count, const int32_t *up_head,
                                   const int32_t *edge_to, double *up, double *down)
{
    double y_to_x[TOGETHER], x_to_y[TOGETHER];
    for (int i = 0; i < k; i++) {
        y_to_x[i] = down[xy[i]];
        x_to_y[i] = up[xy[i]];
    }
    for (int32_t j = 1; j <= count; j++) {
        const int32_t yz = edge_to[up_head[xy[0] + j]];
        double least_up = up[yz], least_down = down[yz];
        for (int i = 0; i < k; i++) {
            least_up = lesser(y_to_x[i] + up[xy[i] + j], least_up);
            least_down = lesser(x_to_y[i] + down[xy[i] + j], least_down);
        }
        up[yz] = least_up;
        down[yz] = least_down;
    }
}

/* Fills up[] and down[] from the arcs' weight[], so that afterwards for every edge (y, z) and every x joined with both
 *
 *     up[yz] <= down[xy] + up[xz]        down[yz] <= down[xz] + up[xy]        for x < y < z    (lower triangles)
 *
 * and any two nodes are joined by a shortest path that climbs, then descends (Dibbelt et al. 2016). Edges are finished
 * by rising tail y: each lower neighbour x brings its own neighbours z above y, all of which are neighbours of y.
 *
 * The higher neighbours of x, but for its parent, are neighbours of the parent too. So if x and its parent are both
 * joined with y and have equally many neighbours above y, these are the same: then they are offered together, which
 * saves looking up and storing the edges yz. In separators most ranks are like that. */
KERUEN_API int keruen_hierarchy_customize(const Metric *metric, double *up, double *down)
{
    const int32_t *up_first = metric->up_first, *up_head = metric->up_head, *tail = metric->edge_tail;
    int32_t *edge_to = new_array(metric->n, sizeof *edge_to); /* edge from y to a rank */
    if (!edge_to) return KERUEN_NO_MEMORY;
    for (int32_t e = 0; e < up_first[metric->n]; e++) {
        up[e] = down[e] = INFINITY;
        for (int32_t i = metric->edge_first_arc[e]; i < metric->edge_first_arc[e + 1]; i++) {
            const int32_t arc = metric->edge_arc[i];
            double *to = metric->arc_up[arc] ? &up[e] : &down[e];
            *to = lesser(metric->weight[arc], *to);
        }
    }
    for (int32_t y = 0; y < metric->n; y++) {
        for (int32_t e = up_first[y]; e < up_first[y + 1]; e++) edge_to[up_head[e]] = e;
        for (int32_t i = metric->down_first[y], end = metric->down_first[y + 1]; i < end;) {
            const int32_t *xy = metric->down_edge + i;
            const int32_t count = up_first[tail[xy[0]] + 1] - xy[0] - 1;
            int k = 1;
            while (k < TOGETHER && i + k < end && metric->parent[tail[xy[k - 1]]] == tail[xy[k]]
                   && up_first[tail[xy[k]] + 1] - xy[k] - 1 == count) k++;
            if (k == TOGETHER) relax_triangles(TOGETHER, xy, count, up_head, edge_to, up, down);
            else relax_triangles(1, xy, count, up_head, edge_to, up, down);
            i += k == TOGETHER ? TOGETHER : 1;
        }
    }
    free(edge_to);
    return KERUEN_OK;
}

/* ------------------------------------------------------------------------------------------------------------ query */

/* Labels along the way from one rank to the root, by depth: distance, and the edge by which it was reached. */
typedef struct {
    double *dist;
    int32_t *edge;
} Climb;

static int climb_new(Climb *c, const Metric *metric, int32_t from)
{
    const int32_t size = metric->depth[from] + 1;
    c->dist = new_array(size, sizeof *c->dist);
    c->edge = new_array(size, sizeof *c->edge);
    if (!c->dist || !c->edge) return KERUEN_NO_MEMORY;
    for (int32_t i = 0; i < size; i++) c->dist[i] = INFINITY;
    c->dist[size - 1] = 0;
    return KERUEN_OK;
}

static void climb_free(Climb *c)
{
    free(c->dist);
    free(c->edge);
}

/* Relaxes the edges of x, whose distance must be final, with weights up or (for ways that lead to the origin) down. */
static inline void relax(const Metric *metric, const double *weight, int32_t x, Climb *c)
{
    const double here = c->dist[metric->depth[x]];
    if (here == INFINITY) return;
    for (int32_t e = metric->up_first[x]; e < metric->up_first[x + 1]; e++) {
        const int32_t at = metric->depth[metric->up_head[e]];
        const double through = here + weight[e];
        if (through < c->dist[at]) {
            c->dist[at] = through;
            c->edge[at] = e;
        }
    }
}

/* Distance from rank s to rank t, INFINITY if there is no way; *out_top = highest rank of the path, or NOBODY.
 *
 * Elimination tree query (Dibbelt et al. 2016): climb from both ends, the lower end first, until they meet; from there
 * on the ways to the root are one, and each rank on it may be the top of the path. A label that is not below the best
 * distance so far cannot improve it, and is not relaxed. */
static double meet(const Metric *metric, int32_t s, int32_t t, Climb *from_s, Climb *to_t, int32_t *out_top)
{
    double best = INFINITY;
    *out_top = NOBODY;
    while (s != t) {
        const int climb_s = s < t;
        relax(metric, climb_s ? metric->up : metric->down, climb_s ? s : t, climb_s ? from_s : to_t);
        int32_t *end = climb_s ? &s : &t;
        *end = metric->parent[*end];
        if (*end == NOBODY) return INFINITY; /* the root of one, and the other is not below it */
    }
    for (int32_t x = s; x != NOBODY; x = metric->parent[x]) {
        const double a = from_s->dist[metric->depth[x]], b = to_t->dist[metric->depth[x]];
        if (a + b < best) {
            best = a + b;
            *out_top = x;
        }
        if (a < best) relax(metric, metric->up, x, from_s);
        if (b < best) relax(metric, metric->down, x, to_t);
    }
    return best;
}

/* Length of the shortest path between two nodes. */
KERUEN_API int keruen_hierarchy_distance(const Metric *metric, int32_t source, int32_t target, double *out_distance)
{
    const int32_t s = metric->rank[source], t = metric->rank[target];
    Climb from_s = {0}, to_t = {0};
    int32_t top;
    int status = KERUEN_NO_MEMORY;
    if (climb_new(&from_s, metric, s) == KERUEN_OK && climb_new(&to_t, metric, t) == KERUEN_OK) {
        *out_distance = meet(metric, s, t, &from_s, &to_t, &top);
        status = KERUEN_OK;
    }
    climb_free(&from_s);
    climb_free(&to_t);
    return status;
}

/* An edge as walked: up from tail to head, or down from head to tail. */
typedef struct {
    int32_t edge, is_up;
} Step;

/* Finds what the weight of a step was made of: an arc, returned, or (return NOBODY) the steps over a lower rank x,
 * out_step[0] to x and out_step[1] from x. The sums are those of customization, so they are equal to the last bit. */
static int32_t open_step(const Metric *metric, Step step, Step out_step[2])
{
    const double *up = metric->up, *down = metric->down, weight = step.is_up ? up[step.edge] : down[step.edge];
    const int32_t y = metric->edge_tail[step.edge], z = metric->up_head[step.edge];
    for (int32_t i = metric->edge_first_arc[step.edge]; i < metric->edge_first_arc[step.edge + 1]; i++) {
        const int32_t arc = metric->edge_arc[i];
        if (metric->arc_up[arc] == step.is_up && metric->weight[arc] == weight) return arc;
    }
    for (int32_t i = metric->down_first[y]; i < metric->down_first[y + 1]; i++) {
        const int32_t xy = metric->down_edge[i];
        if ((step.is_up ? down[xy] : up[xy]) > weight) continue;
        int32_t low = xy + 1, high = metric->up_first[metric->edge_tail[xy] + 1]; /* binary search for z */
        const int32_t end = high;
        while (low < high) {
            const int32_t middle = low + (high - low) / 2;
            if (metric->up_head[middle] < z) low = middle + 1;
            else high = middle;
        }
        if (low == end || metric->up_head[low] != z) continue;
        if ((step.is_up ? down[xy] + up[low] : up[xy] + down[low]) != weight) continue;
        out_step[0] = (Step){step.is_up ? xy : low, 0};
        out_step[1] = (Step){step.is_up ? low : xy, 1};
        return NOBODY;
    }
    return DAMAGED;
}

/* The steps from s over the top to t, the first of them last, on stack[]; returns how many. */
static int32_t stack_steps(const Metric *metric, int32_t s, int32_t t, int32_t top, const Climb *from_s,
                           const Climb *to_t, Step *stack)
{
    int32_t size = 0;
    for (int32_t x = top; x != t; x = metric->edge_tail[stack[size++].edge])
        stack[size] = (Step){to_t->edge[metric->depth[x]], 0};
    for (int32_t i = 0, j = size - 1; i < j; i++, j--) { /* those were found from the top on: turn them round */
        const Step swap = stack[i];
        stack[i] = stack[j];
        stack[j] = swap;
    }
    for (int32_t x = top; x != s; x = metric->edge_tail[stack[size++].edge])
        stack[size] = (Step){from_s->edge[metric->depth[x]], 1};
    return size;
}

/* Takes out what lies between two visits to the same rank: arcs that weigh nothing can form loops, and as equal sums
 * may differ in the last bit, no rule of preference keeps all loops out. head[i] is the end of arc[i]. Returns the
 * number of arcs kept, or a negative status. Visits are remembered in a hash table with linear probing. */
static int32_t cut_loops(int32_t start, int32_t count, int32_t *arc, int32_t *head)
{
    struct visit {
        int32_t rank, kept; /* so many arcs were kept when the walk came to this rank */
    };
    int64_t size = 16;
    while (size < 2 * (int64_t)count + 2) size *= 2;
    struct visit *visits = new_array(size, sizeof *visits);
    if (!visits) return KERUEN_NO_MEMORY;
    memset(visits, 0xff, (size_t)size * sizeof *visits);
    int32_t kept = 0;
    for (int32_t i = -1; i < count; i++) {
        const int32_t x = i < 0 ? start : head[i];
        int64_t slot = (int64_t)((uint32_t)x * 2654435769u) & (size - 1); /* Knuth's multiplicative hash */
        while (visits[slot].rank != x && visits[slot].rank != NOBODY) slot = (slot + 1) & (size - 1);
        const int32_t then = visits[slot].kept;
        if (visits[slot].rank == x && then <= kept && x == (then == 0 ? start : head[then - 1])) {
            kept = then;
            continue;
        }
        if (i >= 0) {
            arc[kept] = arc[i];
            head[kept++] = x;
        }
        visits[slot] = (struct visit){x, kept};
    }
    free(visits);
    return kept;
}

/* Shortest path between two nodes: its length, the number of its arcs and, if there is room for them, the arcs. */
KERUEN_API int keruen_hierarchy_path(const Metric *metric, int32_t source, int32_t target, int32_t room,
                                     double *out_distance, int32_t *out_count, int32_t *out_arc)
{
    const int32_t s = metric->rank[source], t = metric->rank[target];
    Climb from_s = {0}, to_t = {0};
    int32_t top = NOBODY, size = 0, count = 0, *head = new_array(room, sizeof *head);
    /* At most height steps wait on either side of the top; opening one leaves one more for each rank that it sinks. */
    Step *stack = new_array(3 * (int64_t)metric->height + 3, sizeof *stack), part[2];
    int status = head && stack && climb_new(&from_s, metric, s) == KERUEN_OK && climb_new(&to_t, metric, t) == KERUEN_OK
                     ? KERUEN_OK : KERUEN_NO_MEMORY;
    if (!status) *out_distance = meet(metric, s, t, &from_s, &to_t, &top);
    if (!status && top != NOBODY) size = stack_steps(metric, s, t, top, &from_s, &to_t, stack);
    while (size > 0 && !status) {
        const Step step = stack[--size];
        const int32_t arc = open_step(metric, step, part);
        if (arc == DAMAGED) status = DAMAGED;
        else if (arc == NOBODY) {
            stack[size++] = part[1];
            stack[size++] = part[0];
        } else {
            if (count < room) {
                out_arc[count] = arc;
                head[count] = step.is_up ? metric->up_head[step.edge] : metric->edge_tail[step.edge];
            }
            count++;
        }
    }
    if (!status && count <= room) count = cut_loops(s, count, out_arc, head);
    *out_count = count;
    free(head);
    free(stack);
    climb_free(&from_s);
    climb_free(&to_t);
    return count < 0 ? count : status;
}

/* ----------------------------------------------------------------------------------------- one to all, many to many */

/* Eight origins share one sweep: an edge is read once for all, and the lanes of a vector unit are filled. */
enum { LANES = 8 };

/* What a sweep goes over: the ranks below which there is nothing wanted are left out. Descending, so parents first. */
typedef struct {
    int32_t count, *rank;
    uint8_t *is_swept;
} Swept;

/* The ranks on the ways from the nodes to their roots; all ranks if node is NULL. */
static int swept_new(Swept *swept, const Metric *metric, int32_t nodes, const int32_t *node)
{
    swept->rank = new_array(metric->n, sizeof *swept->rank);
    swept->is_swept = new_array(metric->n, sizeof *swept->is_swept);
    if (!swept->rank || !swept->is_swept) return KERUEN_NO_MEMORY;
    memset(swept->is_swept, node == NULL, (size_t)metric->n);
    for (int32_t i = 0; node && i < nodes; i++)
        for (int32_t x = metric->rank[node[i]]; x != NOBODY && !swept->is_swept[x]; x = metric->parent[x])
            swept->is_swept[x] = 1;
    swept->count = 0;
    for (int32_t x = metric->n - 1; x >= 0; x--)
        if (swept->is_swept[x]) swept->rank[swept->count++] = x;
    return KERUEN_OK;
}

/* Climbs from an origin to its root and writes the labels to its lane of dist[n][lanes], where they are swept over. */
static int climb_to_root(const Metric *metric, const double *weight, int32_t origin, const Swept *swept, int lanes,
                         double *dist)
{
    const int32_t from = metric->rank[origin];
    Climb climb = {0};
    const int status = climb_new(&climb, metric, from);
    for (int32_t x = from; x != NOBODY && !status; x = metric->parent[x]) {
        relax(metric, weight, x, &climb);
        if (swept->is_swept[x]) dist[(int64_t)x * lanes] = climb.dist[metric->depth[x]];
    }
    climb_free(&climb);
    return status;
}

/* From the root down, dist[x] = the least of itself and the ways over the higher neighbours of x, which are final. */
static void descend(const Metric *metric, const double *weight, const Swept *swept, double *dist)
{
    for (int32_t i = 0; i < swept->count; i++) {
        const int32_t x = swept->rank[i], end = metric->up_first[x + 1];
        double least = dist[x], other = INFINITY; /* two chains of comparisons: neither waits for the other */
        int32_t e = metric->up_first[x];
        for (; e + 1 < end; e += 2) {
            least = lesser(dist[metric->up_head[e]] + weight[e], least);
            other = lesser(dist[metric->up_head[e + 1]] + weight[e + 1], other);
        }
        if (e < end) least = lesser(dist[metric->up_head[e]] + weight[e], least);
        dist[x] = lesser(least, other);
    }
}

/* The same for LANES origins at once, in dist[n][LANES]. */
static void descend_lanes(const Metric *metric, const double *weight, const Swept *swept, double *dist)
{
    for (int32_t i = 0; i < swept->count; i++) {
        const int32_t x = swept->rank[i];
        double least[LANES];
        memcpy(least, dist + (int64_t)x * LANES, sizeof least);
        for (int32_t e = metric->up_first[x]; e < metric->up_first[x + 1]; e++) {
            const double *above = dist + (int64_t)metric->up_head[e] * LANES;
            for (int lane = 0; lane < LANES; lane++) least[lane] = lesser(above[lane] + weight[e], least[lane]);
        }
        memcpy(dist + (int64_t)x * LANES, least, sizeof least);
    }
}

/* out_table[i * origin_stride + j * end_stride] = distance from origin[i] to end[j], or with is_reverse from end[j] to
 * origin[i]. With end NULL, end[j] = node j for all n nodes.
 *
 * Every shortest path climbs, then descends: so climb from the origin, then go down from the root (PHAST: Delling,
 * Goldberg, Nowatzyk & Werneck 2011), over what lies above the ends only (RPHAST: Delling, Goldberg & Werneck 2011). */
KERUEN_API int keruen_hierarchy_table(const Metric *metric, int32_t is_reverse, int32_t origins, const int32_t *origin,
                                      int32_t ends, const int32_t *end, int64_t origin_stride, int64_t end_stride,
                                      double *out_table)
{
    const double *climbing = is_reverse ? metric->down : metric->up;
    const double *descending = is_reverse ? metric->up : metric->down;
    const int lanes = origins > 1 ? LANES : 1;
    Swept swept = {0};
    double *dist = new_array((int64_t)metric->n * lanes, sizeof *dist);
    int status = dist ? swept_new(&swept, metric, ends, end) : KERUEN_NO_MEMORY;
    for (int32_t i = 0; i < origins && !status; i += lanes) {
        const int32_t batch = origins - i < lanes ? origins - i : lanes;
        for (int32_t j = 0; j < swept.count; j++)
            for (int lane = 0; lane < lanes; lane++) dist[(int64_t)swept.rank[j] * lanes + lane] = INFINITY;
        for (int32_t k = 0; k < batch && !status; k++)
            status = climb_to_root(metric, climbing, origin[i + k], &swept, lanes, dist + k);
        if (status) break;
        if (lanes == 1) descend(metric, descending, &swept, dist);
        else descend_lanes(metric, descending, &swept, dist);
        for (int32_t j = 0; j < ends; j++) {
            const double *row = dist + (int64_t)metric->rank[end ? end[j] : j] * lanes;
            for (int32_t k = 0; k < batch; k++) out_table[(i + k) * origin_stride + j * end_stride] = row[k];
        }
    }
    free(dist);
    free(swept.rank);
    free(swept.is_swept);
    return status;
}
