/* Customizable contraction hierarchies: order the nodes once, then any weights, then very short queries.
 *
 *   topology   the order of dissection.c -> chordal supergraph     no weights: only who is joined with whom
 *   metric     up[e], down[e]                                      one pass over all triangles for each set of weights
 *   pruning    the edges that are a shortest way themselves        a second pass, from the top down; the rest are left out
 *   query      distance, paths, table                              climb the elimination tree from both ends; no heap
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

/* An edge as queries walk it, all in one place: its weight one way, the higher rank, and the depth of that rank. */
typedef struct {
    double weight;
    int32_t head, depth;
} Hop;

/* The edges of one direction that queries need: from rank x those of hop[first[x]] .. hop[first[x+1]-1], which are the
 * edges edge[...] of the supergraph. */
typedef struct {
    const int32_t *first;
    const Hop *hop;
    const int32_t *edge;
} Ladder;

/* The arrays of a hierarchy and of one metric on it. The arcs that lie on edge e are edge_arc[edge_first_arc[e]] ..
 * edge_arc[edge_first_arc[e+1]-1]; arc_up[arc] tells whether an arc leads to the higher rank. rising: from tail to head,
 * by up[]; falling: from head to tail, by down[]. */
typedef struct {
    int32_t n, height;
    const int32_t *rank, *parent, *depth, *up_first, *up_head, *edge_tail, *down_first, *down_edge;
    const int32_t *edge_first_arc, *edge_arc;
    const uint8_t *arc_up;
    const double *weight, *up, *down;
    Ladder rising, falling;
    int32_t *opened[2]; /* [is_up][edge]: what open_step found, see there; 0 = not asked yet */
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

/* Fills up[] and down[] of the edges from rank y; those from lower ranks are finished. edge_to is room for n. */
static void finish_edges(const Metric *metric, int32_t y, int32_t *edge_to, double *up, double *down)
{
    const int32_t *up_first = metric->up_first, *up_head = metric->up_head, *tail = metric->edge_tail;
    for (int32_t e = up_first[y]; e < up_first[y + 1]; e++) {
        edge_to[up_head[e]] = e;
        up[e] = down[e] = INFINITY;
        for (int32_t i = metric->edge_first_arc[e]; i < metric->edge_first_arc[e + 1]; i++) {
            const int32_t arc = metric->edge_arc[i];
            double *to = metric->arc_up[arc] ? &up[e] : &down[e];
            *to = lesser(metric->weight[arc], *to);
        }
    }
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
    int32_t *edge_to = new_array(metric->n, sizeof *edge_to); /* edge from y to a rank */
    if (!edge_to) return KERUEN_NO_MEMORY;
    for (int32_t y = 0; y < metric->n; y++) finish_edges(metric, y, edge_to, up, down);
    free(edge_to);
    return KERUEN_OK;
}

/* The same for weights that differ from those of up[] and down[] on arcs whose lower ranks are marked in inout_marked[].
 * A rank is done again if an arc of its edges differs or a lower triangle of theirs does; where nothing comes out
 * different, nothing above is marked. The numbers are those that customizing from nothing gives, to the last bit. */
KERUEN_API int keruen_hierarchy_recustomize(const Metric *metric, uint8_t *inout_marked, double *up, double *down)
{
    const int32_t *first = metric->up_first;
    int32_t *edge_to = new_array(metric->n, sizeof *edge_to);
    double *before = new_array(2 * (int64_t)metric->height, sizeof *before);
    const int status = edge_to && before ? KERUEN_OK : KERUEN_NO_MEMORY;
    for (int32_t y = 0; y < metric->n && !status; y++) {
        if (!inout_marked[y]) continue;
        const int32_t count = first[y + 1] - first[y];
        double *up_before = before, *down_before = before + count;
        memcpy(up_before, up + first[y], (size_t)count * sizeof *up);
        memcpy(down_before, down + first[y], (size_t)count * sizeof *down);
        finish_edges(metric, y, edge_to, up, down);
        int32_t i = count - 1; /* the highest end of a changed edge: triangles over y reach edges from the ranks up to it */
        while (i >= 0 && up[first[y] + i] == up_before[i] && down[first[y] + i] == down_before[i]) i--;
        for (; i >= 0; i--) inout_marked[metric->up_head[first[y] + i]] = 1;
    }
    free(edge_to);
    free(before);
    return status;
}

/* ---------------------------------------------------------------------------------------------------- metric: prune */

enum { RISES = 1, FALLS = 2 };

/* out_keep[e] = RISES, FALLS or both: in which directions the weight of an edge is the distance of its ends, which is all
 * that a query needs (perfect customization: Dibbelt et al. 2016). With is_exact 0 every finite weight is kept.
 *
 * The distance of two joined ranks x < z is the weight of their edge or comes by another higher neighbour y of x:
 *
 *     d(x, z) = min( up[xz],  up[xy] + d(y, z) )         d(z, x) = min( down[xz],  d(z, y) + down[xy] )
 *
 * so all d(y, .) are final if the ranks y are taken from the top. An edge goes only for what is less, never for what is
 * equal: two edges cannot both go for each other's sake. */
KERUEN_API int keruen_hierarchy_prune(const Metric *metric, int32_t is_exact, uint8_t *out_keep)
{
    const int32_t *up_first = metric->up_first, *up_head = metric->up_head, *tail = metric->edge_tail;
    const int64_t edges = up_first[metric->n];
    for (int64_t e = 0; e < edges; e++)
        out_keep[e] = (uint8_t)((metric->up[e] < INFINITY ? RISES : 0) | (metric->down[e] < INFINITY ? FALLS : 0));
    if (!is_exact) return KERUEN_OK;
    double *up = new_array(edges, sizeof *up), *down = new_array(edges, sizeof *down);
    int32_t *edge_to = new_array(metric->n, sizeof *edge_to);
    const int status = up && down && edge_to ? KERUEN_OK : KERUEN_NO_MEMORY;
    if (!status) {
        memcpy(up, metric->up, (size_t)edges * sizeof *up);
        memcpy(down, metric->down, (size_t)edges * sizeof *down);
    }
    for (int32_t y = metric->n - 1; y >= 0 && !status; y--) {
        for (int32_t e = up_first[y]; e < up_first[y + 1]; e++) edge_to[up_head[e]] = e;
        for (int32_t i = metric->down_first[y]; i < metric->down_first[y + 1]; i++) {
            const int32_t xy = metric->down_edge[i], end = up_first[tail[xy] + 1];
            const double x_to_y = up[xy], y_to_x = down[xy];
            double least_up = x_to_y, least_down = y_to_x;
            for (int32_t xz = xy + 1; xz < end; xz++) {
                const int32_t yz = edge_to[up_head[xz]];
                const double up_yz = up[yz], down_yz = down[yz], up_xz = up[xz], down_xz = down[xz];
                least_up = lesser(up_xz + down_yz, least_up);
                least_down = lesser(up_yz + down_xz, least_down);
                up[xz] = lesser(x_to_y + up_yz, up_xz);
                down[xz] = lesser(down_yz + y_to_x, down_xz);
            }
            up[xy] = least_up;
            down[xy] = least_down;
        }
    }
    for (int64_t e = 0; e < edges && !status; e++) {
        if (up[e] < metric->up[e]) out_keep[e] &= ~RISES;
        if (down[e] < metric->down[e]) out_keep[e] &= ~FALLS;
    }
    free(up);
    free(down);
    free(edge_to);
    return status;
}

/* Lists the edges kept in one direction (RISES or FALLS) as a ladder; there are as many as keep[] says. */
KERUEN_API int keruen_hierarchy_ladder(const Metric *metric, const uint8_t *keep, int32_t direction, int32_t *out_first,
                                       Hop *out_hop, int32_t *out_edge)
{
    const double *weight = direction == RISES ? metric->up : metric->down;
    int32_t count = 0;
    for (int32_t x = 0; x < metric->n; x++) {
        out_first[x] = count;
        for (int32_t e = metric->up_first[x]; e < metric->up_first[x + 1]; e++) {
            if (!(keep[e] & direction)) continue;
            out_hop[count] = (Hop){weight[e], metric->up_head[e], metric->depth[metric->up_head[e]]};
            out_edge[count++] = e;
        }
    }
    out_first[metric->n] = count;
    return KERUEN_OK;
}

/* ------------------------------------------------------------------------------------------------------------ query */

/* Labels along the way from one rank to the root, by depth: distance, and the hop by which it was reached. */
typedef struct {
    double *dist;
    int32_t *hop;
} Climb;

/* Room for labels as deep as the hierarchy is high; out_[...] of all climbs that one call makes. */
static int climb_new(Climb *c, const Metric *metric)
{
    c->dist = new_array(metric->height, sizeof *c->dist);
    c->hop = new_array(metric->height, sizeof *c->hop);
    return c->dist && c->hop ? KERUEN_OK : KERUEN_NO_MEMORY;
}

static void climb_free(Climb *c)
{
    free(c->dist);
    free(c->hop);
}

static inline void climb_start(Climb *c, const Metric *metric, int32_t from)
{
    const int32_t at = metric->depth[from];
    for (int32_t i = 0; i < at; i++) c->dist[i] = INFINITY;
    c->dist[at] = 0;
}

/* Relaxes the hops of x, whose distance `here` must be final. */
static inline void relax(const Ladder *ladder, int32_t x, double here, Climb *c)
{
    for (int32_t i = ladder->first[x], end = ladder->first[x + 1]; i < end; i++) {
        const Hop *hop = ladder->hop + i;
        const double through = here + hop->weight;
        if (through < c->dist[hop->depth]) {
            c->dist[hop->depth] = through;
            c->hop[hop->depth] = i;
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
    const int32_t *parent = metric->parent;
    double best = INFINITY;
    climb_start(from_s, metric, s);
    climb_start(to_t, metric, t);
    *out_top = NOBODY;
    int32_t at_s = metric->depth[s], at_t = metric->depth[t];
    while (s != t) {
        if (s < t) {
            if (from_s->dist[at_s] < INFINITY) relax(&metric->rising, s, from_s->dist[at_s], from_s);
            s = parent[s];
            at_s--;
        } else {
            if (to_t->dist[at_t] < INFINITY) relax(&metric->falling, t, to_t->dist[at_t], to_t);
            t = parent[t];
            at_t--;
        }
        if (s == NOBODY || t == NOBODY) return INFINITY; /* the root of one, and the other is not below it */
    }
    for (int32_t x = s, at = at_s; x != NOBODY; x = parent[x], at--) {
        const double a = from_s->dist[at], b = to_t->dist[at];
        if (a + b < best) {
            best = a + b;
            *out_top = x;
        }
        if (a < best) relax(&metric->rising, x, a, from_s);
        if (b < best) relax(&metric->falling, x, b, to_t);
    }
    return best;
}

/* Length of the shortest path between two nodes. */
KERUEN_API int keruen_hierarchy_distance(const Metric *metric, int32_t source, int32_t target, double *out_distance)
{
    Climb from_s = {0}, to_t = {0};
    int32_t top;
    int status = KERUEN_NO_MEMORY;
    if (climb_new(&from_s, metric) == KERUEN_OK && climb_new(&to_t, metric) == KERUEN_OK) {
        *out_distance = meet(metric, metric->rank[source], metric->rank[target], &from_s, &to_t, &top);
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

/* The edge from x to the higher rank z, NOBODY if they are not joined. */
static inline int32_t edge_between(const Metric *metric, int32_t x, int32_t z)
{
    int32_t low = metric->up_first[x], high = metric->up_first[x + 1];
    const int32_t end = high;
    while (low < high) {
        const int32_t middle = low + (high - low) / 2;
        if (metric->up_head[middle] < z) low = middle + 1;
        else high = middle;
    }
    return low < end && metric->up_head[low] == z ? low : NOBODY;
}

/* What the weight of a step was made of: 1 + an arc, or minus (1 + the edge to the lower rank over which it leads); 0 if
 * nothing fits. The sums are those of customization, so they are equal to the last bit. */
static int32_t look_into(const Metric *metric, Step step)
{
    const double *up = metric->up, *down = metric->down, weight = step.is_up ? up[step.edge] : down[step.edge];
    const int32_t y = metric->edge_tail[step.edge], z = metric->up_head[step.edge];
    for (int32_t i = metric->edge_first_arc[step.edge]; i < metric->edge_first_arc[step.edge + 1]; i++) {
        const int32_t arc = metric->edge_arc[i];
        if (metric->arc_up[arc] == step.is_up && metric->weight[arc] == weight) return 1 + arc;
    }
    for (int32_t i = metric->down_first[y]; i < metric->down_first[y + 1]; i++) {
        const int32_t xy = metric->down_edge[i];
        if ((step.is_up ? down[xy] : up[xy]) > weight) continue;
        const int32_t xz = edge_between(metric, metric->edge_tail[xy], z);
        if (xz != NOBODY && (step.is_up ? down[xy] + up[xz] : up[xy] + down[xz]) == weight) return -1 - xy;
    }
    return 0;
}

/* Opens a step: an arc, returned, or (return NOBODY) the steps over a lower rank x, out_step[0] to x and out_step[1] from
 * x. What was found once is remembered; threads that find it at once write the same. */
static int32_t open_step(const Metric *metric, Step step, Step out_step[2])
{
    int32_t *memory = metric->opened[step.is_up] + step.edge, found = __atomic_load_n(memory, __ATOMIC_RELAXED);
    if (found == 0) {
        found = look_into(metric, step);
        if (found == 0) return DAMAGED;
        __atomic_store_n(memory, found, __ATOMIC_RELAXED);
    }
    if (found > 0) return found - 1;
    const int32_t xy = -1 - found, xz = edge_between(metric, metric->edge_tail[xy], metric->up_head[step.edge]);
    out_step[0] = (Step){step.is_up ? xy : xz, 0};
    out_step[1] = (Step){step.is_up ? xz : xy, 1};
    return NOBODY;
}

/* The steps from s over the top to t, the first of them last, on stack[]; returns how many. */
static int32_t stack_steps(const Metric *metric, int32_t s, int32_t t, int32_t top, const Climb *from_s,
                           const Climb *to_t, Step *stack)
{
    int32_t size = 0;
    for (int32_t x = top; x != t; x = metric->edge_tail[stack[size++].edge])
        stack[size] = (Step){metric->falling.edge[to_t->hop[metric->depth[x]]], 0};
    for (int32_t i = 0, j = size - 1; i < j; i++, j--) { /* those were found from the top on: turn them round */
        const Step swap = stack[i];
        stack[i] = stack[j];
        stack[j] = swap;
    }
    for (int32_t x = top; x != s; x = metric->edge_tail[stack[size++].edge])
        stack[size] = (Step){metric->rising.edge[from_s->hop[metric->depth[x]]], 1};
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

/* Shortest paths of pairs of nodes, as many as there is room for: of each its length and the number of its arcs; the arcs
 * one path after the other. *out_done = pairs that fitted. If even the first does not, out_count[0] is what it needs. */
KERUEN_API int keruen_hierarchy_paths(const Metric *metric, int32_t pairs, const int32_t *source, const int32_t *target,
                                      int64_t room, double *out_distance, int32_t *out_count, int32_t *out_arc,
                                      int32_t *out_done)
{
    Climb from_s = {0}, to_t = {0};
    int32_t *head = NULL;
    int64_t used = 0, headroom = 0;
    /* At most height steps wait on either side of the top; opening one leaves one more for each rank that it sinks. */
    Step *stack = new_array(3 * (int64_t)metric->height + 3, sizeof *stack), part[2];
    const int no_room = climb_new(&from_s, metric) | climb_new(&to_t, metric);
    int status = stack && !no_room ? KERUEN_OK : KERUEN_NO_MEMORY;
    *out_done = 0;
    for (int32_t i = 0; i < pairs && !status; i++) {
        const int32_t s = metric->rank[source[i]], t = metric->rank[target[i]];
        int32_t top = NOBODY, size = 0, count = 0;
        out_distance[i] = meet(metric, s, t, &from_s, &to_t, &top);
        if (top != NOBODY) size = stack_steps(metric, s, t, top, &from_s, &to_t, stack);
        while (size > 0 && !status) {
            const Step step = stack[--size];
            const int32_t arc = open_step(metric, step, part);
            if (arc == DAMAGED) status = DAMAGED;
            else if (arc == NOBODY) {
                stack[size++] = part[1];
                stack[size++] = part[0];
            } else {
                if (count >= headroom) {
                    headroom = 2 * headroom + 1024;
                    int32_t *wider = realloc(head, (size_t)headroom * sizeof *head);
                    if (!wider) status = KERUEN_NO_MEMORY;
                    else head = wider;
                }
                if (!status && used + count < room) {
                    out_arc[used + count] = arc;
                    head[count] = step.is_up ? metric->up_head[step.edge] : metric->edge_tail[step.edge];
                }
                count++;
            }
        }
        if (status) break;
        out_count[i] = count;
        if (used + count > room) break;
        if (count > 0) count = out_count[i] = cut_loops(s, count, out_arc + used, head);
        if (count < 0) status = count;
        used += count;
        *out_done = i + 1;
    }
    free(head);
    free(stack);
    climb_free(&from_s);
    climb_free(&to_t);
    return status;
}

/* ----------------------------------------------------------------------------------------- one to all, many to many */

/* Eight origins share one sweep: an edge is read once for all, and the lanes of a vector unit are filled. */
enum { LANES = 8 };

/* What a sweep goes over: the ranks below which there is nothing wanted are left out. Descending, so parents first.
 * All n ranks, without a list, if rank is NULL. */
typedef struct {
    int32_t count, *rank;
    uint8_t *is_swept;
} Swept;

/* The ranks on the ways from the nodes to their roots; all ranks if node is NULL. */
static int swept_new(Swept *swept, const Metric *metric, int32_t nodes, const int32_t *node)
{
    swept->count = metric->n;
    if (!node) return KERUEN_OK;
    swept->rank = new_array(metric->n, sizeof *swept->rank);
    swept->is_swept = new_array(metric->n, sizeof *swept->is_swept);
    if (!swept->rank || !swept->is_swept) return KERUEN_NO_MEMORY;
    memset(swept->is_swept, 0, (size_t)metric->n);
    for (int32_t i = 0; i < nodes; i++)
        for (int32_t x = metric->rank[node[i]]; x != NOBODY && !swept->is_swept[x]; x = metric->parent[x])
            swept->is_swept[x] = 1;
    swept->count = 0;
    for (int32_t x = metric->n - 1; x >= 0; x--)
        if (swept->is_swept[x]) swept->rank[swept->count++] = x;
    return KERUEN_OK;
}

static inline int32_t swept_rank(const Swept *swept, int32_t i)
{
    return swept->rank ? swept->rank[i] : swept->count - 1 - i;
}

/* Climbs from an origin to its root and writes the labels to its lane of dist[n][lanes], where they are swept over. */
static void climb_to_root(const Metric *metric, const Ladder *ladder, int32_t origin, const Swept *swept, int lanes,
                          Climb *climb, double *dist)
{
    const int32_t from = metric->rank[origin];
    int32_t at = metric->depth[from];
    climb_start(climb, metric, from);
    for (int32_t x = from; x != NOBODY; x = metric->parent[x], at--) {
        const double here = climb->dist[at];
        if (here < INFINITY) relax(ladder, x, here, climb);
        if (!swept->rank || swept->is_swept[x]) dist[(int64_t)x * lanes] = here;
    }
}

enum { AHEAD = 48 }; /* hops that are fetched before they are read */

/* From the root down, dist[x] = the least of itself and the ways over the higher neighbours of x, which are final. The hops
 * are read backwards, as memory lies. */
static void descend(const Ladder *ladder, const Swept *swept, double *dist)
{
    for (int32_t i = 0; i < swept->count; i++) {
        const int32_t x = swept_rank(swept, i);
        const Hop *hop = ladder->hop + ladder->first[x + 1], *end = ladder->hop + ladder->first[x];
        double least = dist[x], other = INFINITY; /* two chains of comparisons: neither waits for the other */
        __builtin_prefetch(end - AHEAD);
        for (; hop - 1 > end; hop -= 2) {
            least = lesser(dist[hop[-1].head] + hop[-1].weight, least);
            other = lesser(dist[hop[-2].head] + hop[-2].weight, other);
        }
        if (hop > end) least = lesser(dist[hop[-1].head] + hop[-1].weight, least);
        dist[x] = lesser(least, other);
    }
}

/* The same for LANES origins at once, in dist[n][LANES]. */
static void descend_lanes(const Ladder *ladder, const Swept *swept, double *dist)
{
    for (int32_t i = 0; i < swept->count; i++) {
        const int32_t x = swept_rank(swept, i);
        const Hop *hop = ladder->hop + ladder->first[x], *end = ladder->hop + ladder->first[x + 1];
        double least[LANES];
        memcpy(least, dist + (int64_t)x * LANES, sizeof least);
        for (; hop < end; hop++) {
            const double *above = dist + (int64_t)hop->head * LANES;
            for (int lane = 0; lane < LANES; lane++) least[lane] = lesser(above[lane] + hop->weight, least[lane]);
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
    const Ladder *climbing = is_reverse ? &metric->falling : &metric->rising;
    const Ladder *descending = is_reverse ? &metric->rising : &metric->falling;
    const int lanes = origins > 1 ? LANES : 1;
    Swept swept = {0};
    Climb climb = {0};
    double *dist = new_array((int64_t)metric->n * lanes, sizeof *dist);
    int status = climb_new(&climb, metric);
    if (!status) status = dist ? swept_new(&swept, metric, ends, end) : KERUEN_NO_MEMORY;
    for (int32_t i = 0; i < origins && !status; i += lanes) {
        const int32_t batch = origins - i < lanes ? origins - i : lanes;
        for (int32_t j = 0; j < swept.count; j++)
            for (int lane = 0; lane < lanes; lane++) dist[(int64_t)swept_rank(&swept, j) * lanes + lane] = INFINITY;
        for (int32_t k = 0; k < batch; k++)
            climb_to_root(metric, climbing, origin[i + k], &swept, lanes, &climb, dist + k);
        if (lanes == 1) descend(descending, &swept, dist);
        else descend_lanes(descending, &swept, dist);
        for (int32_t j = 0; j < ends; j++) {
            const double *row = dist + (int64_t)metric->rank[end ? end[j] : j] * lanes;
            for (int32_t k = 0; k < batch; k++) out_table[(i + k) * origin_stride + j * end_stride] = row[k];
        }
    }
    free(dist);
    climb_free(&climb);
    free(swept.rank);
    free(swept.is_swept);
    return status;
}
